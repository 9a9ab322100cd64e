from campaigns.domain.html_reading import read_html


def test_words_and_links_are_read_as_a_reader_sees_them():
    seen = read_html('<p>Hello <b>you</b>,</p><p><a href="https://example.org/?a=1&amp;b=2">read <i>on</i></a></p>')
    assert seen.words == "Hello you,read on"
    assert [(anchor.href, anchor.label) for anchor in seen.anchors] == [("https://example.org/?a=1&b=2", "readon")]


def test_what_is_hidden_has_no_words_and_its_links_no_label():
    seen = read_html(
        "<head><title>t</title><style>s</style></head><!-- c -->"
        '<div style="display: none">secret <a href="x">leave</a></div>'
        '<span hidden>too</span><p style="font-size:0">three</p><p style="font-size:0.9em">seen</p>'
    )
    assert seen.words == "seen"
    assert [(anchor.href, anchor.label) for anchor in seen.anchors] == [("x", "")]


def test_a_picture_speaks_through_its_alternative_text():
    seen = read_html('<a href="x"><img src="p.png" alt="Leave"></a><img src="q.png"><img src="r.png" alt="">')
    assert seen.anchors[0].label == "Leave"
    assert seen.pictures_without_words == 1


def test_an_area_of_a_map_is_a_link():
    seen = read_html('<map><area href="x" alt="There"><area></map>')
    assert [(anchor.href, anchor.label) for anchor in seen.anchors] == [("x", "There")]


def test_sloppy_html_is_read_to_its_end():
    seen = read_html('<p>one<p>two</b></div><a href>three</a><a name="n">four</a><br>five')
    assert seen.words == "onetwothreefourfive"
    assert seen.anchors[0].href == ""


def test_elements_that_mail_programs_block_are_seen_but_not_in_comments():
    assert read_html("<!--[if mso]><object></object><![endif]--><p>one</p>").blocked == set()
    assert read_html('<p>one<FORM><input></form><embed src="x">').blocked == {"form", "embed"}

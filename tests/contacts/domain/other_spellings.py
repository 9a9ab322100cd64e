"""Spellings of addresses that are not one person, as data; and what each is keyed by and delivered to.

Nothing here is computed by the code under test.
"""

OTHERS = {
    "ann@example.org": [
        "anne@example.org", "an@example.org", "nan@example.org", "ann1@example.org", "_ann@example.org",
        "-ann@example.org",
        "ann@example.com", "ann@example.net", "ann@example.test", "ann@sub.example.org", "ann@example.org.test",
        "ann@xample.org",
        "ann@examp1e.org", "a.nn@example.org", "an.n@example.org", "a.n.n@example.org", "a-nn@example.org",
        "a_nn@example.org",
        "ann+x@example.org", "ann+@example.org", "+ann@example.org", "ann+ann@example.org", "ann=x@example.org",
        "ann%40example.org@example.org", "%61nn@example.org", "ann%2Bx@example.org", "'ann@example.org",
        "ann/@example.org",
        '"ann "@example.org', '" ann"@example.org', '"a nn"@example.org', '"ann."@example.org', '"ann@"@example.org',
        '"\\"ann\\""@example.org', '"ann@example.org"@example.org', '"<ann>"@example.org', '"ann(x)"@example.org',
        # letters that look alike
        "\u0430nn@example.org", "a\u043f\u043f@example.org", "\u0251nn@example.org", "\u03b1nn@example.org",
        "ann@ex\u0430mple.test",
        "\u00e4nn@example.org", "\u00e1nn@example.org", "a\u00f1n@example.org", "a\u0144n@example.org",
        "\u0101nn@example.org",
        "ann@ex\u00e4mple.org", "ann@\u00e9xample.org", "ann@example-org.test", "ann@ex-ample.org",
        "\u0061\u0335nn@example.org",
    ],
    "istanbul@example.org": [
        "\u0131stanbul@example.org", "\u0130stanbul@example.org", "i\u0307stanbul@example.org", "lstanbul@example.org",
    ],
    "\u0131\u015f\u0131k@example.org": [
        "i\u015f\u0131k@example.org", "I\u015eIK@example.org", "\u0131s\u0131k@example.org", "i\u015fik@example.org",
    ],
    "jorg@example.org": [
        "j\u00f6rg@example.org", "joerg@example.org", "j\u00f8rg@example.org", "j\u0151rg@example.org",
    ],
    "joerg@example.org": ["j\u00f6rg@example.org", "j\u0153rg@example.org", "jo.erg@example.org"],
    "strase@example.org": [
        "stra\u00dfe@example.org", "strasse@example.org", "strabe@example.org", "stra\u03b2e@example.org",
    ],
    "ann@fa\u00df.test": [
        "ann@fass.test", "ann@fas.test", "ann@fa\u03b2.test", "ann@FASS.test", "ann@xn--fa-hia.example.test",
    ],
    "ann@\u03b2\u03cc\u03bb\u03bf\u03c2.test": [
        "ann@\u03b2\u03cc\u03bb\u03bf\u03c3.test", "ann@\u0392\u038c\u039b\u039f\u03a3.test",
        "ann@\u03b2\u03bf\u03bb\u03bf\u03c2.test",
    ],
    "ann@m\u00fcller.test": [
        "ann@muller.test", "ann@mueller.test", "ann@m\u00fc.ller.test", "ann@xn--mller-kva.test.test",
        "ann@m\u0171ller.test",
    ],
    "ann@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.test": [
        "ann@\u0646\u0627\u0645\u0647\u0627\u06cc.test", "ann@xn--mgba3gch31f.test",
    ],
    "ann@i.test": ["ann@\u0130.test", "ann@\u0131.test", "ann@l.test", "ann@i\u0307.test"],
    "ann@gmail.com": [
        "a.nn@gmail.com", "an.n@gmail.com", "a.n.n@gmail.com", "ann+x@gmail.com", "ann@googlemail.com", "ann@gmail.org",
        "ann@mail.gmail.com", "ann@gmai1.com", "ann@gmail.co", "anne@gmail.com",
    ],
    "ann+shop@example.org": [
        "ann@example.org", "ann+news@example.org", "ann+shops@example.org", "ann+shop+x@example.org",
        "annshop@example.org",
        "ann-shop@example.org", "ann%2Bshop@example.org", "mailto:ann%252Bshop@example.org", "ann+shop@example.com",
    ],
    "ann%2bshop@example.org": ["mailto:ann%2bshop@example.org", "ann+shop@example.org", "ann%2b@example.org"],
    "50%off@example.org": ["50off@example.org", "50%25off@example.org", "50%%off@example.org"],
    "o'brien@example.org": [
        "obrien@example.org", "o\u2019brien@example.org", "o`brien@example.org", "o\u02bcbrien@example.org",
    ],
    '"ann b"@example.org': [
        "annb@example.org", "ann.b@example.org", "ann_b@example.org", '"ann  b"@example.org', '"ann b "@example.org',
        '"annb"@example.org',
        '"ann+b"@example.org', '"b ann"@example.org',
    ],
    '"a\\\\b"@example.org': ["ab@example.org", '"a\\\\\\\\b"@example.org', '"a\\b"@example.org', '"a\\"b"@example.org'],
    '"a,b"@example.org': ["ab@example.org", "b@example.org", '"a, b"@example.org', '"a;b"@example.org'],
    "\u03c9@example.org": ["o@example.org", "w@example.org", "\u03bf@example.org", "\u1f60@example.org"],
    "\u30ab\u30ca@example.org": ["\u30ac\u30ca@example.org", "\u304b\u306a@example.org", "\u30ab\u30cab@example.org"],
    "\u0434\u0430\u0448\u0430@example.org": [
        "dasha@example.org", "\u0434\u0430\u0448\u0435@example.org", "\u0434a\u0448a@example.org",
    ],
    "ann2@example.org": ["ann@example.org", "ann22@example.org", "ann.2@example.org", "ann+2@example.org"],
    "1@example.org": ["l@example.org", "i@example.org", "01@example.org", "1.0@example.org"],
    "0@example.org": ["o@example.org", "00@example.org", "\u03bf@example.org"],
}  # fmt: skip
"""A spelling, and those of other people."""

STRANGERS = {
    "ann@example.org": [
        "a.nn@example.org", "anne+ann@example.org", "ann-shop@example.org", "ann@example.com", "+ann@example.org",
        "ann=shop@example.org", "ann%2Bshop@example.org", "ann.shop@example.org",
    ],
    "annex@gmail.com": [
        "annex@example.org", "ann.ex@gmail.org", "anne.x+annex@mail.gmail.com", "annexe@gmail.com", "an-nex@gmail.com",
    ],
    "ann.ex@yahoo.test": ["annex@yahoo.test", "a.nnex@yahoo.test", "ann.ex@ymail.test"],
    '"ann b"@example.org': ["annb@example.org", '"ann"@example.org', "b+ann@example.org"],
    "+ann@example.org": ["+bob@example.org", "ann@example.org", "+@example.org"],
}  # fmt: skip
"""A spelling, and those of other families."""

CANONICAL = {
    "ANN@EXAMPLE.ORG.": "ann@example.org",
    "\uff21nn+X@\u24d4xample\u3002org": "ann+x@example.org",
    "J\u00d6RG@M\u00dcLLER.test": "j\u00f6rg@xn--mller-kva.test",
    "Stra\u00dfe@FA\u00df.test": "strasse@xn--fa-hia.test",
    "ann@STRA\u1e9eE.test": "ann@xn--strae-oqa.test",
    "\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3@\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3.test":
        "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c3@xn--kxa6akbbkh.test",
    "x@\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2.test": "x@xn--kxa6ajbbmh.test",
    "\u0130@\u0130.test": "i\u0307@xn--i-9bb.test",
    "\u212aim@\u212aim.test": "kim@kim.test",
    "\u0131@\u0131.test": "\u0131@xn--cfa.test",
    '"Ann"@example.org': "ann@example.org",
    '"Ann B"@example.org': '"ann b"@example.org',
    '"a\\ \\"b"@example.org': '"a \\"b"@example.org',
    "ann\uff20home@example.org": '"ann@home"@example.org',
    "x@\u4f8b\u3048.test": "x@xn--r8jz45g.test",
    "x@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.test": "x@xn--mgba3gch31f060k.test",
    "\ufb01nn\u00b2@example.org": "finn2@example.org",
}  # fmt: skip
"""What the keys are made of, letter by letter: were it to change with a library or Python, blocks would be lost."""

DELIVERED = {
    "Ann <Ann.Example+News@Example.ORG>": "Ann.Example+News@example.org",
    "ann@m\u00fcller.test": "ann@xn--mller-kva.test",
    "j\u00f6rg@m\u00fcller.test": "j\u00f6rg@xn--mller-kva.test",
    "Stra\u00dfe@example.org": "Stra\u00dfe@example.org",
    '"Ann B"@Example.org': '"Ann B"@example.org',
    '"Ann"@example.org': "Ann@example.org",
    "mailto:Ann%2BTag@example.org?subject=x": "Ann+Tag@example.org",
    "ann@example.org (work)": "ann@example.org",
    "A\u200bnn@exam\u00adple.org.": "Ann@example.org",
    "ann@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.test": "ann@xn--mgba3gch31f060k.test",
    "ann%2Btag@example.org": "ann%2Btag@example.org",
}  # fmt: skip
"""Where mail goes: as it was written, with nothing around it, and the domain as the DNS has it."""

REFUSED = [
    "", " ", "ann", "ann@", "@example.org", "ann@@example.org", "ann@exa mple.org", "ann..b@example.org", "ann@example",
    "ann@example.org\r\nBcc: eve@example.org", "ann@example.org, bob@example.org", "a@[127.0.0.1]", "a@[IPv6:::1]",
    "x" * 65 + "@example.org", "ann@" + "x" * 330 + ".org", "ann@-example.org", "ann@ex\u0000ample.org", "<>",
    "ann@xn--a.test",
    "mailto:", "mailto:?to=ann@example.org", "mailto:ann@example.org,bob@example.org", "mailto:a%FFnn@example.org",
    "mailto:ann%0D%0ABcc:%20eve@example.org", "Ann <ann@example.org> <bob@example.org>", "bob@example.org <",
    "ann@example.org>",
    '""@example.org', '"ann@example.org', 'ann"@example.org', '"a\tb"@example.org', '"a\r\nBcc: x"@example.org',
    'a"b"c@example.org',
    "ann b@example.org", "ann@example..org", "ann@example.org..", ".ann@example.org", "ann.@example.org",
    "ann@.example.org",
    "ann@exam_ple.org", "ann@example.org/path", "https://ann@example.org", "ann(b@example.org", "ann)@example.org",
    "(ann@example.org)",
    "\u0378@example.org", "\ud800@example.org", "ann@\u2488com.test", "\u200b", "\u200b@\u200b",
    "\u0301ann@example.org",
    "team: ann@example.org, bob@example.org;", "x" * 20_000 + "@example.org",
    '"' * 9_000, "(" * 9_000 + "@", "<" * 9_000,
]  # fmt: skip
"""What no mail can reach, or what names more than one."""

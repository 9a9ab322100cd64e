"""Spellings of addresses that are one person, or likely one family, as data.

Nothing here is computed by the code under test. Letters that cannot be seen or told apart are written as escapes.
"""

SAME = {
    "ann@example.org": [
        # case
        "ANN@EXAMPLE.ORG", "Ann@Example.Org", "ann@EXAMPLE.org", "aNN@example.oRG", "ANN@example.org",
        # blanks around and beside the @
        " ann@example.org", "ann@example.org ", "\tann@example.org\n", "\r\nann@example.org\r\n",
        "\u00a0ann@example.org\u00a0", "\u2003ann@example.org", "ann@example.org\u3000", "\u202fann@example.org\u2009",
        "ann @example.org", "ann@ example.org", "ann @ example.org", "ann\u00a0@example.org",
        # the root's dot
        "ann@example.org.", " ann@example.org. ", "ann@example.org\u3002", "ann@example.org\uff0e",
        "ann@example.org\uff61",
        # names and brackets
        "<ann@example.org>", "< ann@example.org >", "Ann <ann@example.org>", "Ann Example <ANN@example.org>",
        '"Example, Ann" <ann@example.org>', '"Ann \\"the A\\" Example" <ann@example.org>', "Ann<ann@example.org>",
        "ann@example.org <ann@example.org>", '"<3 Ann" <ann@example.org>', "Ann (work) <ann@example.org>",
        "Ann :( <ann@example.org>", "\u5b89 <ann@example.org>", "J\u00f6rg M\u00fcller <ann@example.org>",
        'Ann "the rock <ann@example.org>', "<ann@example.org.>", "Ann <'ann@example.org'>", "Ann <ann@example.org>,",
        "Ann <ann@example.org>;", "Ann\u00a0Example\u00a0<ann@example.org>", "=?utf-8?q?Ann?= <ann@example.org>",
        # quotation marks around the whole, and marks left from a list
        "'ann@example.org'", '"ann@example.org"', "\u201cann@example.org\u201d", "\u201eann@example.org\u201c",
        "\u2018ann@example.org\u2019", "\u00abann@example.org\u00bb", "'ann@example.org',", "ann@example.org,",
        "ann@example.org;", "ann@example.org ;", "<<ann@example.org>>", "\u00ab\u00a0ann@example.org\u00a0\u00bb",
        # quotation marks that need not be there
        '"ann"@example.org', '"a\\nn"@example.org', '"ANN"@example.org', 'Ann <"ann"@example.org>',
        '"\\a\\n\\n"@example.org',
        # mailto
        "mailto:ann@example.org", "MAILTO:ann@example.org", "Mailto:Ann@Example.org", "mailto: ann@example.org",
        "mailto:ann@example.org?subject=hi", "mailto:ann@example.org?subject=a%20b&body=c%40d",
        "mailto:ann@example.org?",
        "mailto:%61nn@example.org", "mailto:ann%40example.org", "mailto:%41%4E%4E%40EXAMPLE.ORG",
        "<mailto:ann@example.org>",
        "Ann <mailto:ann@example.org>", "mailto:<ann@example.org>", "mailto:Ann%20%3Cann@example.org%3E",
        "mailto:%22ann%22@example.org", "mailto:ann@example.org.", "'mailto:ann@example.org'",
        # comments (RFC 5322)
        "ann(work)@example.org", "(work)ann@example.org", "ann@(work)example.org", "ann@example.org(work)",
        "ann@example.org (Ann Example)", "(a (nested) one) ann@example.org", "ann (\\) escaped) @example.org",
        "Ann <ann@example.org> (work)", "Ann <ann(x)@example.org>", 'ann@example.org ("quoted)',
        # letters that nobody sees
        "a\u200bnn@example.org", "ann\u200b@example.org", "ann@\u200bexample.org", "ann@exam\u00adple.org",
        "\ufeffann@example.org", "ann@example.org\ufeff", "a\u2060nn@example.org", "a\u200cnn@example.org",
        "a\u200dnn@example.org", "ann@exam\u200cple.org", "ann@exam\u200dple.org", "\u200eann@example.org",
        "\u200fann@example.org", "\u202aann@example.org\u202c", "\u202dann@example.org\u202c", "\u202eann@example.org",
        "\u2066ann@example.org\u2069", "\u2067ann@example.org\u2069", "\u2068ann@example.org\u2069",
        "a\u061cnn@example.org",
        "a\u034fnn@example.org", "ann\ufe0f@example.org", "ann\ufe0e@example.org", "a\u180enn@example.org",
        "a\u2061nn@example.org", "a\u2063nn@example.org", "ann@example\u00ad.org", "a\U000e0061nn@example.org",
        "a\U000e0100nn@example.org", "a\u206ann@example.org", "a\u3164nn@example.org", "a\u115fnn@example.org",
        "<\u200bann@example.org\u200b>", "mailto:\u200bann@example.org", "mailto:a%E2%80%8Bnn@example.org",
        "mailto:a%C2%ADnn@example.org", "a\u200b\u200bnn@example.org",
        # letters of another width or style (NFKC)
        "\uff41\uff4e\uff4e@example.org", "\uff21\uff2e\uff2e@example.org", "ann@\uff45xample.org",
        "ann@example\uff0eorg",
        "ann@example\u3002org", "ann@example\uff61org", "ann\uff20example.org", "ann\ufe6bexample.org",
        "\uff41\uff4e\uff4e\uff20\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff4f\uff52\uff47",
        "\U0001d41a\U0001d427\U0001d427@example.org", "\u24d0\u24dd\u24dd@example.org", "\U0001d4b6nn@example.org",
        "ann@\u24d4xample.org", "\u00aann@example.org", "a\u207fn@example.org", "ann@ex\u00aample.org",
        "ann@example.\u2134rg", "ann@\u212fxample.org", "\U0001d5baNN@example.org", "Ann <\uff41nn@example.org>",
    ],
    "kim@example.org": ["\u212aim@example.org", "\u212aIM@EXAMPLE.ORG", "\uff2bim@example.org"],
    "angstr\u00f6m@example.org": [
        "ANGSTR\u00d6M@example.org", "angstro\u0308m@example.org", "ANGSTRO\u0308M@EXAMPLE.ORG",
    ],
    "\u00e5sa@example.org": [
        "\u212bsa@example.org", "\u00c5SA@example.org", "a\u030asa@example.org", "A\u030aSA@example.org",
    ],
    "j\u00f6rg@example.org": [
        "jo\u0308rg@example.org", "J\u00d6RG@example.org", "JO\u0308RG@EXAMPLE.ORG",
        "J\u00f6rg <j\u00f6rg@example.org>",
        "mailto:j%C3%B6rg@example.org", "mailto:jo%CC%88rg@example.org", '"j\u00f6rg"@example.org',
        "j\u00f6\u00adrg@example.org",
    ],
    "ren\u00e9e@example.org": ["rene\u0301e@example.org", "REN\u00c9E@example.org", "RENE\u0301E@example.org"],
    "strasse@example.org": [
        "stra\u00dfe@example.org", "STRASSE@example.org", "STRA\u1e9eE@example.org",
        "Stra\u00dfe <stra\u00dfe@example.org>",
    ],
    "fluff@example.org": [
        "\ufb02uff@example.org", "flu\ufb00@example.org", "\ufb02u\ufb00@example.org", "FLUFF@example.org",
    ],
    "office@example.org": [
        "o\ufb03ce@example.org", "o\ufb00ice@example.org", "of\ufb01ce@example.org", "O\ufb03CE@example.org",
    ],
    "stop@example.org": ["\ufb06op@example.org", "\ufb05op@example.org", "\u017ftop@example.org", "STOP@example.org"],
    "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c3@example.org": [
        "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2@example.org",
        "\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3@example.org",
        "\u03a3\u03b9\u0301\u03c3\u03c5\u03c6\u03bf\u03c2@example.org",
    ],
    "\u03bc@example.org": ["\u00b5@example.org", "\u039c@example.org"],
    "\u03c9@example.org": ["\u2126@example.org", "\u03a9@example.org"],
    "i\u0307zmir@example.org": ["\u0130zmir@example.org", "\u0130ZMIR@example.org", "I\u0307zmir@example.org"],
    "ann2@example.org": [
        "ann\u00b2@example.org", "ann\u2461@example.org", "ann\uff12@example.org", "ann\U0001d7da@example.org",
    ],
    "1st@example.org": ["\u00b9st@example.org", "1\ufb06@example.org", "1ST@example.org"],
    "\u30ab\u30ca@example.org": ["\uff76\uff85@example.org", "\u30ab\u30ca@EXAMPLE.ORG"],
    "\u30ac\u30b9@example.org": ["\uff76\uff9e\uff7d@example.org", "\u30ab\u3099\u30b9@example.org"],
    "\uac00\ub098@example.org": ["\u1100\u1161\u1102\u1161@example.org", "\uac00\u1102\u1161@example.org"],
    "\u0434\u0430\u0448\u0430@example.org": [
        "\u0414\u0410\u0428\u0410@example.org", "\u0414\u0430\u0448\u0430@example.org",
    ],
    "\u0439\u043e\u0434@example.org": ["\u0438\u0306\u043e\u0434@example.org", "\u0419\u041e\u0414@example.org"],
    "\u0561\u0565\u0582@example.org": ["\u0561\u0587@example.org", "\u0531\u0535\u0552@example.org"],
    "ann+shop@example.org": [
        "ANN+SHOP@example.org", "mailto:ann%2Bshop@example.org", "mailto:ann+shop@example.org",
        "ann\uff0bshop@example.org",
        '"ann+shop"@example.org', "Ann <Ann+Shop@example.org>", "mailto:ann%2bshop%40example.org",
    ],
    "a.nn@example.org": ["A.NN@example.org", '"a.nn"@example.org', "a\uff0enn@example.org", "a\u2024nn@example.org"],
    "o'brien@example.org": [
        "O'Brien@example.org", "'o'brien@example.org'", '"o\'brien"@example.org', "O\uff07Brien@example.org",
    ],
    "ann%shop@example.org": [
        "ANN%Shop@example.org", "mailto:ann%25shop@example.org", '"ann%shop"@example.org', "ann\uff05shop@example.org",
    ],
    "50%off@example.org": ["mailto:50%25off@example.org", "50%OFF@example.org"],
    "ann%2btag@example.org": ["ann%2Btag@example.org", "mailto:ann%252Btag@example.org"],
    "a&b=c@example.org": ["A&B=C@example.org", "mailto:a%26b%3Dc@example.org", '"a&b=c"@example.org'],
    "ann/x@example.org": ["ANN/X@example.org", "mailto:ann%2Fx@example.org", "ann\uff0fx@example.org"],
    "a_b-c@example.org": ["A_B-C@example.org", "a\uff3fb-c@example.org", "a_b\uff0dc@example.org"],
    '"ann b"@example.org': [
        '"ANN B"@example.org', '"ann\\ b"@example.org', 'Ann <"ann b"@example.org>', "mailto:%22ann%20b%22@example.org",
        '"\uff41nn b"@example.org', '"ann\u200b b"@example.org', '"ann b"@example.org.', '"ann b" @ example.org',
    ],
    '"ann@home"@example.org': [
        '"ANN@home"@example.org', '"ann\\@home"@example.org', 'Ann <"ann@home"@example.org>',
        "ann\uff20home@example.org",
    ],
    '"a\\"b"@example.org': ['"A\\"B"@example.org', 'A <"a\\"b"@example.org>'],
    '"a\\\\b"@example.org': ['"A\\\\B"@example.org', "mailto:%22a%5C%5Cb%22@example.org"],
    '"a,b"@example.org': ['"A,B"@example.org', '"a\\,b"@example.org', "mailto:%22a%2Cb%22@example.org"],
    '"(ann)"@example.org': ['"(ANN)"@example.org', 'Ann <"(ann)"@example.org>'],
    '"ann.."@example.org': ['"ANN.."@example.org', '"ann\\.."@example.org'],
    '"a<b>"@example.org': ['"A<B>"@example.org', 'A <"a<b>"@example.org>'],
    "ann@m\u00fcller.test": [
        "ann@xn--mller-kva.test", "ann@XN--MLLER-KVA.TEST", "ann@M\u00dcLLER.test", "ann@mu\u0308ller.test",
        "ANN@MU\u0308LLER.TEST",
        "ann@xn--mller-kva.test.", "ann@m\u00fcller\u3002test", "ann@\uff4d\u00fcller.test",
        "mailto:ann@m%C3%BCller.test",
        "ann@m\u00fc\u00adller.test", "ann@m\u00fcl\u200bler.test", "Ann <ann@m\u00fcller.test>",
        "mailto:ann@xn--mller-kva.test?x=y",
    ],
    "ann@fa\u00df.test": ["ann@xn--fa-hia.test", "ann@FA\u1e9e.test", "ANN@fa\u00df.TEST", "ann@Fa\u00df.test"],
    "ann@\u03b2\u03cc\u03bb\u03bf\u03c2.test": [
        "ann@xn--nxasmm1c.test", "ann@\u03b2\u03bf\u0301\u03bb\u03bf\u03c2.test",
        "ann@\u0392\u038c\u039b\u039f\u03c2.test",
    ],
    "ann@\u03b2\u03cc\u03bb\u03bf\u03c3.test": ["ann@\u0392\u038c\u039b\u039f\u03a3.test", "ann@xn--nxasmq6b.test"],
    "ann@\u4f8b\u3048.test": [
        "ann@xn--r8jz45g.test", "ann@\u4f8b\u3048\uff61test", "ann\uff20\u4f8b\u3048.test", "ann@XN--R8JZ45G.test",
    ],
    "ann@\u043f\u0440\u0438\u043c\u0435\u0440.test": [
        "ann@xn--e1afmkfd.test", "ann@\u041f\u0420\u0418\u041c\u0415\u0420.test",
    ],
    "ann@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.test": [
        "ann@xn--mgba3gch31f060k.test", "Ann <ann@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.test>",
    ],
    "ann@i\u0307.test": ["ann@\u0130.test", "ann@xn--i-9bb.test", "ann@I\u0307.test"],
    "postmaster@example.org": [
        "POSTMASTER@example.org", "PostMaster@Example.Org", '"postmaster"@example.org', "<Postmaster@example.org>",
    ],
    "ann@sub.example.org": ["ANN@SUB.EXAMPLE.ORG", "ann@sub\u3002example\uff0eorg", "ann@sub.example.org."],
}  # fmt: skip
"""A spelling, and others of the same person."""

FAMILIES = {
    "ann@example.org": [
        "ann+shop@example.org", "ANN+SHOP@example.org", "ann+a+b@example.org", "ann+@example.org", "ann++@example.org",
        "mailto:ann%2Bshop@example.org", "ann\uff0bshop@example.org", '"ann+shop"@example.org',
        '"ann+a shop"@example.org',
        "Ann <ann+2026@example.org>", "ann+\u00fc@example.org",
    ],
    "annex@gmail.com": [
        "a.n.n.e.x@gmail.com", "Ann.Ex@gmail.com", "annex@googlemail.com", "a.nnex@googlemail.com",
        "an.n.ex+shop@gmail.com",
        "annex+a.b@googlemail.com", "ANNEX@GoogleMail.com", '"annex"@googlemail.com', "ann.ex@gmail.com.",
        '"ann..ex"@gmail.com',
    ],
    "jo@m\u00fcller.test": ["jo+x@xn--mller-kva.test", "JO+Y@M\u00dcLLER.test", "jo+\u00e4@m\u00fcller.test"],
    '"ann b"@example.org': ['"ann b+x"@example.org', '"ANN B+shop"@example.org'],
    "stra\u00dfe@example.org": ["strasse+x@example.org", "STRASSE+Y@example.org"],
}  # fmt: skip
"""A spelling, and those of other addresses that are likely the same person's: one family."""

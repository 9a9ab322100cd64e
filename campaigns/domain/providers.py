"""Mailbox providers: which of them takes the mail of a domain, as far as that is widely known; else the domain itself.

That these domains belong together is told by the providers' own pages for senders and by the autoconfiguration entries
that mail programs use (autoconfig.thunderbird.net, one entry a provider). Where it is not known nothing is lost: the
domain then has limits and back-offs of its own.
"""

import re

from core.errors import Misconfigured

PROVIDERS: dict[str, str] = {
    "gmail": "gmail.com googlemail.com",
    "outlook": """
        outlook.com outlook.at outlook.be outlook.cl outlook.cz outlook.de outlook.dk outlook.es outlook.fr outlook.ie
        outlook.it outlook.jp outlook.kr outlook.pt outlook.sa outlook.sk outlook.com.ar outlook.com.au outlook.com.br
        hotmail.com hotmail.at hotmail.be hotmail.ca hotmail.ch hotmail.cl hotmail.co.uk hotmail.co.jp hotmail.co.nz
        hotmail.com.ar hotmail.com.au hotmail.com.br hotmail.com.tr hotmail.de hotmail.dk hotmail.es hotmail.fi
        hotmail.fr hotmail.gr hotmail.it hotmail.nl hotmail.no hotmail.se live.com live.at live.be live.ca live.cl
        live.co.uk live.co.za live.com.ar live.com.au live.com.mx live.com.pt live.de live.dk live.fi live.fr live.ie
        live.in live.it live.jp live.nl live.no live.se msn.com windowslive.com passport.com
    """,
    "yahoo": """
        yahoo.com yahoo.at yahoo.be yahoo.ca yahoo.co.id yahoo.co.in yahoo.co.nz yahoo.co.th yahoo.co.uk yahoo.co.za
        yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.co yahoo.com.hk yahoo.com.mx yahoo.com.my yahoo.com.pe
        yahoo.com.ph yahoo.com.sg yahoo.com.tr yahoo.com.tw yahoo.com.vn yahoo.cz yahoo.de yahoo.dk yahoo.es yahoo.fi
        yahoo.fr yahoo.gr yahoo.hu yahoo.ie yahoo.in yahoo.it yahoo.nl yahoo.no yahoo.pl yahoo.pt yahoo.ro yahoo.se
        ymail.com rocketmail.com myyahoo.com aol.com aol.co.uk aol.de aol.fr aol.it aim.com verizon.net netscape.net
        att.net sbcglobal.net bellsouth.net
    """,
    "yahoo-japan": "yahoo.co.jp ybb.ne.jp",
    "icloud": "icloud.com me.com mac.com",
    "gmx": "gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.eu gmx.org gmx.info gmx.co.uk gmx.fr gmx.es web.de email.de",
    "mail-com": "mail.com email.com post.com usa.com consultant.com engineer.com europe.com",
    "t-online": "t-online.de magenta.de",
    "freenet": "freenet.de",
    "arcor": "arcor.de vodafonemail.de",
    "posteo": "posteo.de posteo.net posteo.at posteo.ch posteo.eu",
    "mailbox-org": "mailbox.org",
    "bluewin": "bluewin.ch bluemail.ch",
    "orange": "orange.fr wanadoo.fr",
    "free": "free.fr freesbee.fr libertysurf.fr aliceadsl.fr online.fr",
    "sfr": "sfr.fr neuf.fr cegetel.net club-internet.fr",
    "laposte": "laposte.net",
    "libero": "libero.it virgilio.it inwind.it iol.it blu.it giallo.it",
    "tiscali": "tiscali.it",
    "telenet": "telenet.be",
    "proximus": "proximus.be skynet.be",
    "ziggo": "ziggo.nl home.nl casema.nl upcmail.nl chello.nl",
    "kpn": "kpnmail.nl kpnplanet.nl planet.nl hetnet.nl xs4all.nl",
    "bt": "btinternet.com btopenworld.com bt.com",
    "sky": "sky.com",
    "virgin-media": "virginmedia.com ntlworld.com blueyonder.co.uk virgin.net",
    "talktalk": "talktalk.net tiscali.co.uk lineone.net",
    "seznam": "seznam.cz email.cz post.cz spoluzaci.cz",
    "wp": "wp.pl o2.pl tlen.pl go2.pl",
    "onet": "onet.pl op.pl onet.eu poczta.onet.pl vp.pl",
    "interia": "interia.pl interia.eu poczta.fm",
    "yandex": "yandex.ru yandex.com yandex.by yandex.kz yandex.ua ya.ru narod.ru",
    "mail-ru": "mail.ru inbox.ru list.ru bk.ru internet.ru",
    "rambler": "rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru",
    "ukr-net": "ukr.net",
    "sapo": "sapo.pt",
    "uol": "uol.com.br bol.com.br",
    "terra": "terra.com.br",
    "comcast": "comcast.net",
    "charter": "charter.net spectrum.net twc.com rr.com",
    "cox": "cox.net",
    "bell": "bell.net sympatico.ca",
    "shaw": "shaw.ca",
    "telstra": "bigpond.com bigpond.net.au telstra.com",
    "docomo": "docomo.ne.jp",
    "au": "ezweb.ne.jp au.com",
    "softbank": "softbank.ne.jp i.softbank.jp",
    "nifty": "nifty.com",
    "naver": "naver.com",
    "daum": "daum.net hanmail.net kakao.com",
    "qq": "qq.com vip.qq.com foxmail.com",
    "netease": "163.com 126.com yeah.net 188.com vip.163.com",
    "sina": "sina.com sina.cn vip.sina.com",
    "rediff": "rediffmail.com",
    "zoho": "zoho.com zoho.eu zoho.in zohomail.com zohomail.eu zohomail.in",
    "proton": "proton.me protonmail.com protonmail.ch pm.me",
    "tuta": "tuta.com tutanota.com tutanota.de tuta.io tutamail.com keemail.me",
    "fastmail": "fastmail.com fastmail.fm fastmail.net fastmail.org sent.com",
}
"""A provider's name → the domains whose mail it takes."""

_SETTING = "HEEDFUL_PROVIDER_RATES"
_OF_DOMAIN = {domain: name for name, domains in PROVIDERS.items() for domain in domains.split()}


def provider_of(address: str) -> str:
    """Who takes the mail to an address, or to a domain: a provider's name, or the domain in small letters."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    return _OF_DOMAIN.get(domain, domain)


def read_rates(setting: str) -> dict[str, float]:
    """Read rates such as gmail=20, example.org=0.5: messages a second by provider; a domain stands for its provider.

    Raises:
        Misconfigured: a part of it is no such rate, or two are of the same provider.
    """
    rates: dict[str, float] = {}
    for each in re.split(r"[\s,]+", setting.strip()) if setting.strip() else ():
        name, _equals, rate = each.partition("=")
        provider = provider_of(name)
        try:
            number = float(rate)
        except ValueError:
            number = 0.0
        if not name or "@" in name or not 0 < number < float("inf") or provider in rates:
            raise Misconfigured(
                f"{_SETTING}: “{each}” is no rate, or one of its provider stands before it.",
                remedy="Write messages a second, for example: gmail=20, example.org=0.5",
            )
        rates[provider] = number
    return rates

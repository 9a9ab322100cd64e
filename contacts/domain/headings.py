"""The fields a column can be, and the names that columns have in several languages, for the import."""

import unicodedata
from enum import StrEnum


class Field(StrEnum):
    """What a column can be."""

    ADDRESS = "address"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    FULL_NAME = "name"
    LOCALE = "locale"
    TIME_ZONE = "time_zone"
    CHILD = "child"
    BIRTH_DATE = "birth_date"
    OPT_OUTS = "opt_outs"
    CONSENTS = "consents"
    SOURCE = "source"
    SOURCE_TIME = "source_time"
    EVIDENCE = "evidence"
    ATTRIBUTES = "attributes"
    IGNORE = "ignore"


_NAMES = {
    Field.ADDRESS: """email e-mail mail emailaddress mailaddress emailadresse mailadresse correo correoelectronico
        courriel adressemail adresseemail adressecourriel adresseelectronique indirizzoemail posta postaelettronica
        epost epostadress epostadresse sahkoposti enderecodeemail adresemail eposta メール メールアドレス 电子邮件
        電子郵件 邮箱 이메일 почта электроннаяпочта subscriber_email emailid""",
    Field.GIVEN_NAME: """givenname firstname forename vorname prenom nombre nome voornaam fornavn fornamn etunimi imie
        ad fname first given 名 имя 이름""",
    Field.FAMILY_NAME: """familyname lastname surname nachname familienname nomdefamille apellido apellidos cognome
        sobrenome achternaam efternavn etternavn efternamn sukunimi nazwisko soyad lname last family 姓 фамилия 성""",
    Field.FULL_NAME: "name fullname displayname vollername nomcomplet nombrecompleto 氏名 お名前 名前 姓名 фио",
    Field.LOCALE: """locale language lang sprache langue idioma lingua taal sprak sprog kieli jezyk dil 言語 语言
        язык 언어 preferredlanguage""",
    Field.TIME_ZONE: "timezone tz zeitzone fuseauhoraire zonahoraria fusoorario tijdzone タイムゾーン 时区",
    Field.CHILD: "child ischild minor isminor kind minderjaehrig minderjahrig enfant mineur menor minore 子供 未成年",
    Field.BIRTH_DATE: """birthdate birthday dateofbirth dob born geburtsdatum geburtstag datedenaissance naissance
        fechadenacimiento datadinascita datadenascimento geboortedatum fodselsdato fodelsedatum syntymaaika
        dataurodzenia dogumtarihi 生年月日 誕生日 出生日期 датарождения 생년월일""",
    Field.OPT_OUTS: """optout optouts optedout unsubscribed unsubscribe unsubtime unsubscribedat unsubscribetime
        donotmail donotemail donotcontact dnc hasoptedoutofemail abgemeldet widerspruch desabonne desinscrit
        baja disiscritto afgemeld suppressed blocklisted blacklisted 配信停止 退订""",
    Field.CONSENTS: """consent consents topics topic optin optins einwilligung einwilligungen themen consentement
        consentements consentimiento consenso 同意 トピック""",
    Field.SOURCE: "source quelle herkunft origine origen origem bron herkomst 出典 来源",
    Field.SOURCE_TIME: """sourcetime sourceat sourcedate signuptime signupdate signedup signedupat subscribedat
        consenttime consentdate optintime optindate confirmtime registeredat anmeldedatum registriertam 登録日""",
    Field.EVIDENCE: "evidence proof nachweis beleg preuve prueba prova bewijs 証拠",
    Field.ATTRIBUTES: "attributes attribs",
    Field.IGNORE: "heedfulblocks heedfulcreated",  # columns of our own export that an import has no use for
}


def folded(name: str) -> str:
    """Spell a column's name in one way: no case, no accents, no blanks and no punctuation."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    recomposed = unicodedata.normalize("NFC", "".join(c for c in decomposed if not _is_latin_accent(c)))
    return "".join(letter for letter in recomposed if letter.isalnum())


def _is_latin_accent(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f"


KNOWN = {folded(name): field for field, names in _NAMES.items() for name in names.split()}

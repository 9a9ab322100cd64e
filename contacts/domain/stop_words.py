"""Stop words: whether the first words of a reply say, in one of many languages, that no more mail is wanted.

A word too many in this list stops somebody who can take it back; a word too few makes a question for an operator.
"""

import re
import unicodedata

LONGEST_LINE = 300

_COURTESY = re.compile(
    r"\b(?:please|pls|plz|kindly|bitte|por favor|s il vous plait|svp|per favore|alstublieft|aub|prosim|prosze|tack|"
    r"dear|thanks|thank you|danke|vielen dank|merci|gracias|grazie|obrigad[oa]|dank u|hi|hello|hallo|hey|team|sir|"
    r"madam|me|mich|all|alles|everything|it|now|at once|immediately|sofort|jetzt|asap|и|пожалуйста|спасибо)\b"
)
_ALONE = frozenset(
    """
    stop|stopp|stoppen|stoppt|stopt|stoppa|stop mail|stop mails|stop email|stop emails|halt|end|quit|cancel|cancelled|
    remove|delete|leave|unsub|arret|arretez|arreter|alto|basta|parar|pare|sair|baja|salir|fermate|slut|sluta|avsluta|
    lopeta|peruuta|konec|koniec|dosc|abmelden|abmeldung|abbestellung|austragung|loschen|raus|uit|стоп|хватит|διαγραφη|
    στοπ|dur|iptal|cik|hentikan|berhenti|dung lai|huy|停止|解除|退会|停|退|td|중지|그만|توقف|ايقاف|إيقاف|
    הסר|הסרה|די|ยกเลิก|หยุด
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_MORE_OFTEN = "(?:e ?)?(?:mails?|messages?|newsletters?|advert\\w*|spam)"
_WITHIN = re.compile(
    "|".join(
        (
            # English
            r"unsubscrib|unsuscrib|un subscribe|\bopt(?:ing)? (?:me )?out\b|\boptout\b",
            r"\b(?:remove|delete|drop|strike) (?:me|my|this)\b|\btake (?:me|my \w+|this \w+) off\b",
            r"\boff (?:of )?(?:your|the|this) (?:mailing )?list|\bcancel (?:my|the|this) (?:sub|news|mail)",
            r"\bstop (?:sending|e ?mailing|mailing|writing|contacting|spamming|bothering|these|this|your|all|the)\b",
            r"\b(?:do not|dont|never) (?!want)(?:\w+ )?(?:e ?mail|mail|send|contact|write|spam)\b",
            rf"\bno (?:more|further) {_MORE_OFTEN}\b",
            # German
            r"\babmelde|\babzumelden|\bmelde[nt]? (?:\w+ ){1,2}ab\b|\bab(?:zu)?bestell",
            r"\bbestelle?n? (?:\w+ ){1,5}ab\b",
            r"\baus(?:zu)?tragen|\baus (?:\w+ ){0,2}verteiler\b|\bvom (?:\w+ )?verteiler\b",
            r"\bkeine (?:\w+ )?(?:e ?)?(?:mails?|werbung|newsletter|post|nachrichten|zusendung\w*|rundschreiben)\b",
            r"\bnicht mehr (?:\w+ )?(?:schreiben|anschreiben|schicken|senden|zusenden|kontaktieren)\b",
            # French
            r"\bdesabonn|\bdesinscri|\bne (?:\w+ )?plus (?:\w+ )?(?:recevoir|envoyer|contacter|ecrire)",
            r"\barretez? de\b",
            r"\bplus (?:de|aucun) (?:e ?)?(?:mails?|courriels?|messages?)\b|\bretire[rz] (?:moi|mon)\b",
            # Spanish and Portuguese
            r"\bde baja\b|\bdesuscri|\bcancelar (?:\w+ )?(?:suscripcion|inscricao|assinatura)\b",
            r"\bno (?:\w+ )?quiero (?:\w+ )?recibir\b",
            r"\bno (?:me |mas )*(?:envi\w+|mand\w+|escrib\w+|correos?|mensajes?)\b",
            r"\bdej(?:ar|en|e) de (?:enviar|mandar|escribir|recibir)|\bdescadastr|\bdescreva",
            r"\bnao (?:\w+ )?(?:quero|desejo) (?:\w+ )?receber|\bnao (?:me )?(?:envi\w+|mand\w+)\b",
            r"\bpare[mn]? de (?:\w+ )?(?:enviar|mandar)|\bremov(?:er|a|am) (?:me|meu)\b",
            # Italian
            r"\bcancella(?:mi|temi|re|zione|te)\b|\bdisiscri|\brimuov\w+",
            r"\bnon (?:mi )?(?:invia\w*|manda\w*|scriv\w*)\b|\bnon (?:\w+ )?(?:voglio|desidero) (?:\w+ )?ricevere",
            # Dutch, Swedish, Danish, Norwegian, Finnish
            r"\bafmeld|\bmeld (?:mij|me|meg|mig|mi) (?:\w+ )?a[fv]\b|\buit(?:te)?schrijv",
            r"\bschrijf (?:mij|me) (?:\w+ )?uit\b",
            r"\bgeen (?:\w+ )?(?:e ?)?(?:mails?|mailtjes|berichten|nieuwsbrie\w+|reclame)\b",
            r"\bavregistrer|\bavprenumerer",
            r"\bavmeld|\bframeld|\bsluta (?:skicka|maila)|\bslutt (?:a )?sende|\binga fler\b|\bikke flere\b",
            r"\bpoista minut|\bperuuta tilaus|\bei enaa (?:\w+ )?(?:posti|viest|sahkopost)\w*",
            # Polish, Czech and Slovak, Croatian and Slovenian, Hungarian, Romanian, Turkish
            r"\bwypis(?:z|ac|uje|anie)|\brezygnuj|\bnie chce (?:\w+ )?otrzymywac|\bnie (?:wysyl|przysyl)\w+",
            r"\bodhlas|\bnechci (?:\w+ )?dostavat|\bneposilej|\bodjav|\bleiratkoz|\bdezabon",
            r"abonelik\w* (?:cik|iptal)|listeden cik|gondermeyin",
            # Russian, Ukrainian, Greek
            r"отпис|отказ(?:аться|ываюсь) от|не (?:\w+ )?(?:присыл|шлите|отправля|пишите)|не хочу (?:\w+ )?получать",
            r"удалите меня|відпис|не надсила|διαγρα(?:ψτε|φη|φω)",
            # Indonesian, Vietnamese, Japanese, Chinese, Korean, Arabic, Hebrew, Thai
            r"berhenti (?:berlangganan|kirim)|huy dang ky|配信停止|配信を(?:停止|止)",
            r"(?:メール|配信)は?(?:不要|いりません)",
            r"登録(?:を)?解除|退订|退訂|取消(?:订阅|訂閱)|不要(?:再)?(?:发|發|寄)",
            r"수신 ?거부|구독 ?(?:취소|해지)|보내지 ?마|الغاء الاشتراك|إلغاء الاشتراك|להסיר|תסירו|ยกเลิกการ",
        )
    )
)
_WANTS_TO_STAY = re.compile(
    r"\b(?:do not|dont|never|not want to|dont want to|not wish to|wont|not going to) (?:\w+ )?"
    r"(?:unsubscribe|opt out|remove me)\b|"
    r"\b(?:mich|uns|bitte) (?:bitte )?nicht (?:abmelden|abbestellen|austragen)\b|\bne (?:me )?desabonn\w+ pas\b"
)
_CANNOT = re.compile(r"\b(?:can|cannot|cant|could|couldnt|unable|kann|konnte|tried|trying|versuch\w*)\b")


def says_stop(line: str) -> bool:
    """Whether a line says that its writer wants no more mail."""
    bare = _bare(line[:LONGEST_LINE])
    if _WANTS_TO_STAY.search(bare) and not _CANNOT.search(bare):
        return False
    return _alone(bare) in _ALONE or bare in _ALONE or _WITHIN.search(bare) is not None


def _bare(line: str) -> str:
    """The words alone: small letters, no accents on Latin ones, no signs."""
    flat = unicodedata.normalize("NFKD", line).casefold()
    flat = "".join(each for each in flat if not "\u0300" <= each <= "\u036f")
    flat = re.sub(r"['’`]", "", unicodedata.normalize("NFC", flat))
    return " ".join(re.findall(r"\w+", flat.replace("_", " ")))


def _alone(bare: str) -> str:
    return " ".join(_COURTESY.sub(" ", bare).split())

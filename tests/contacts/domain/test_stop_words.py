"""Words that mean stop, in the languages people write back in, and words that only look like it."""

import pytest

from contacts.domain.stop_words import says_stop

STOP = """
STOP
stop.
Stop!!!
"stop"
Ｓｔｏｐ
Please stop
stop it
STOP ALL
Unsubscribe
please unsubscribe me
UNSUBSCRIBE ME NOW
How do I unsubscribe?
I cannot unsubscribe with your link
I am trying not to... no: unsubscribe
un-subscribe
Opt out
opt-out please
Please opt me out of all this
Remove me
remove my address from this list
Take me off your list, thank you
stop sending me these
Stop emailing me!
Don't email me again
Don’t send me anything
do not contact me
No more emails please
no further messages
abmelden
Bitte abmelden!
Bitte melden Sie mich ab… abmelden
Ich möchte den Newsletter abbestellen
Bitte bestellen Sie mich ab
Bitte aus dem Verteiler nehmen
Keine Mails mehr bitte
keine weitere Werbung
Bitte nicht mehr schreiben
Ich kann mich nicht abmelden
Austragen
Désabonner
désinscrivez-moi s'il vous plaît
Je ne veux plus recevoir vos courriels
arrêtez de m'écrire
Dar de baja
Quiero darme de baja
No quiero recibir más correos
BAJA
cancellatemi dalla lista
Non voglio più ricevere le vostre mail
basta
Afmelden a.u.b.
uitschrijven
geen mail meer
descadastrar
não quero receber mais e-mails
pare de enviar
avregistrera mig
Avmeld meg
afmeld
Proszę wypisać mnie
Rezygnuję
Odhlásit
odjava
Отписаться
Не присылайте мне больше писем
стоп
配信停止
配信を停止してください
退订
取消订阅
수신거부
إلغاء الاشتراك
διαγραφή
stòp
sto\u036fp
Cancel my subscription
Off your mailing list!
Retirez-moi de là
Plus de courriels
No más correos
Schrijf mij uit
Poista minut
Göndermeyin
Удалите меня
メールは不要です
""".strip().splitlines()

GO_ON = """
Thanks, this is great!
I look forward to the next one
Can I stop by your booth on Monday?
Does the metronome stop when I press space?
Where is the full stop in the manual?
My order has not arrived
Please do not unsubscribe me, I only changed my address
I don't want to unsubscribe
Bitte nicht abmelden
Danke!
Wann erscheint die neue Version?
Merci beaucoup
¿Cuándo llega mi pedido?
the end of the song is cut off
Cancel? No, ship it.
ありがとうございます
Спасибо за письмо
ok
?
""".strip().splitlines()


@pytest.mark.parametrize("line", STOP)
def test_g19_this_says_stop(line):
    assert says_stop(line)


@pytest.mark.parametrize("line", [*GO_ON, "", "   ", "…", "x" * 10_000])
def test_this_does_not_say_stop(line):
    assert says_stop(line) is False

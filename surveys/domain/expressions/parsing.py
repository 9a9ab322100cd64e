"""From tokens to a tree, by recursive descent: one method a line of the grammar in docs/survey-expressions.md."""

from functools import lru_cache

from core.language import gettext as _
from surveys.domain.expressions.lexing import Sign, Token, tokens_of
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.trees import Call, Joint, Minus, Name, Node, Not, Number, Pair, Several, Text, Truth

DEEPEST = 24
MOST_ITEMS = 100
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "has"})


@lru_cache(maxsize=4096)
def parsed(text: str) -> Node:
    """The tree of an expression.

    Raises:
        Slip: it does not follow the grammar, or goes too deep.
    """
    parser = _Parser(tokens_of(text))
    node = parser.alternatives()
    if parser.token.sign is not Sign.OVER:
        raise parser.unexpected()
    return node


class _Parser:
    """Reads one expression from left to right; `depth` counts brackets and chained signs, so that nothing piles up."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def take(self, *texts: str) -> Token | None:
        """The next token if it is one of these signs or words."""
        token = self.token
        if token.sign in {Sign.MARK, Sign.WORD} and token.text in texts:
            self.place += 1
            return token
        return None

    def need(self, text: str) -> None:
        if self.take(text) is None:
            raise Slip(self.token.at, _("“{sign}” is missing here.").format(sign=text))

    def unexpected(self) -> Slip:
        token = self.token
        if token.sign is Sign.OVER:
            return Slip(token.at, _("Something is missing at the end."))
        if token.text in COMPARISONS:
            return Slip(token.at, _("Two comparisons follow each other."), _("Join them with and."))
        return Slip(token.at, _("“{token}” is not expected here.").format(token=token.text))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            message = _("The expression goes too deep.")
            raise Slip(self.token.at, message, _("Work parts of it out under names of their own."))

    def alternatives(self) -> Node:
        """Alternatives = all , { "or" , all }."""
        return self._joint("or")

    def _joint(self, word: str) -> Node:
        at = self.token.at
        parts = [self._joint("and") if word == "or" else self.denial()]
        while self.take(word):
            parts.append(self._joint("and") if word == "or" else self.denial())
        return parts[0] if len(parts) == 1 else Joint(at, word == "and", tuple(parts))

    def denial(self) -> Node:
        """Denial = "not" , denial | comparison."""
        token = self.take("not")
        if token is None:
            return self.comparison()
        self.deeper()
        node = Not(token.at, self.denial())
        self.depth -= 1
        return node

    def comparison(self) -> Node:
        """Comparison = sum , [ comparing , sum ]."""
        left = self.sum()
        denied = self.take("not")
        if denied and self.token.text != "in":
            raise self.unexpected()
        token = self.take(*COMPARISONS)
        if token is None:
            return left
        node = Pair(token.at, token.text, left, self.sum())
        return Not(denied.at, node) if denied else node

    def sum(self) -> Node:
        """Sum = product , { ( "+" | "-" ) , product }."""
        return self._chain("+", "-")

    def _chain(self, *signs: str) -> Node:
        before = self.depth
        product = "+" in signs
        node = self._chain("*", "/", "%") if product else self.signed()
        while token := self.take(*signs):
            self.deeper()
            node = Pair(token.at, token.text, node, self._chain("*", "/", "%") if product else self.signed())
        self.depth = before
        return node

    def signed(self) -> Node:
        """Signed = "-" , signed | atom."""
        token = self.take("-")
        if token is None:
            return self.atom()
        self.deeper()
        node = Minus(token.at, self.signed())
        self.depth -= 1
        return node

    def atom(self) -> Node:
        """Atom = number | text | truth | several | call | name | "(" , alternatives , ")"."""
        token = self.token
        if token.sign in {Sign.NUMBER, Sign.TEXT, Sign.NAME}:
            self.place += 1
            return self._named(token) if token.sign is Sign.NAME else _written(token)
        if self.take("true", "false"):
            return Truth(token.at, token.text == "true")
        if self.take("("):
            return self._within()
        if self.take("{"):
            return Several(token.at, self._list("}"))
        raise self.unexpected()

    def _within(self) -> Node:
        self.deeper()
        node = self.alternatives()
        self.need(")")
        self.depth -= 1
        return node

    def _named(self, token: Token) -> Node:
        if self.take("("):
            return Call(token.at, token.text, self._list(")"))
        name, _point, part = token.text.partition(".")
        return Name(token.at, name, part)

    def _list(self, closing: str) -> tuple[Node, ...]:
        self.deeper()
        found: list[Node] = []
        while not self.take(closing):
            if found:
                self.need(",")
            found.append(self.alternatives())
            if len(found) > MOST_ITEMS:
                raise Slip(self.token.at, _("There are more than {most} things here.").format(most=MOST_ITEMS))
        self.depth -= 1
        return tuple(found)


def _written(token: Token) -> Node:
    return Text(token.at, token.text) if token.sign is Sign.TEXT else Number(token.at, float(token.text))

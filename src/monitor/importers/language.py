"""
How reports word things: what asks for something, what tells that it was done, what only mentions an earlier report.

These are readings of single sentences. Nothing here knows where in a document the sentence stands.
"""

import itertools
import re
from typing import Final

DUTY: Final = re.compile(
    r"\b(?:should(?! have (?:been|done|made|[a-z]{2,}ed)\b)|must|shall|needs? to|ought to|is to|are to|(?:has|have) to"
    r"|(?:are|is) (?:expected|required|asked|urged|invited) to|requires? improvement in"
    r"|(?:we|hmicfrs|hmi) (?:expects?|asks?|urges?|invites?|requires?) (?:to see )?(?:[\w’'-]+ ){1,8}?(?:to|get)\b)",
    re.IGNORECASE,
)
RECOMMENDS: Final = re.compile(
    r"\b(?:we|hmicfrs|hmic|hmi|the inspectorates?|inspectors|this (?:report|inspection|review)|the (?:report|review|inspection team|auditors?))"
    r"(?:,? (?:therefore|also|further|now|would|strongly|jointly)){0,2},? recommends?\b",
    re.IGNORECASE,
)
RECOMMENDED_BEFORE: Final = re.compile(
    r"\b(?:recommended|(?:last|previous|earlier|prior|preceding) (?:report|inspection|recommendation)s?"
    r"|in (?:our|its|the|their) (?:19|20)\d\d (?:\w+ ){0,3}(?:report|inspection)"
    r"|as (?:we )?recommended|(?:19|20)\d\d (?:\w+ ){0,2}(?:report|inspection) (?:recommended|asked))\b",
    re.IGNORECASE,
)
HAS_DONE: Final = re.compile(
    r"^(?:the |our |we |all |new |a |an |two |three |some |most )?(?:(?!(?:who|that|which|where|whose|when|if|unless|once|should|must)\b)[\w’'-]+ ){0,5}?"
    r"(?:(?:ha(?:s|ve)) (?:now |already |also |since |recently |all |each )*(?:been |begun|\w+ed\b|\w+en\b|made|put|set|held|built|bought|taken)|was |were )",
    re.IGNORECASE,
)
"""A sentence whose main clause tells what was done, whatever it goes on to say that should follow."""
REPORTED: Final = re.compile(
    r"\b(?:they|some|many|most|few|several|one|staff|officers?|people|residents|victims|supervisors|managers|leaders|detainees|respondents|survey|half|firefighters|crews|who answered[\w ]{0,30})\b"
    r"[^.;:]{0,60}?\b(?:said|say|says|told (?:us|inspectors)|felt|feel|thought|think|believed?|suggested)\b[^.;:]{0,90}?\b(?:should|must|needs? to|ought to)\b"
    r"|\b(?:we|inspectors) (?:were|was) told (?:that )?"
    r"|\b(?:commissioner|constable|chair(?:man|woman)?|members?|executive|superintendent|councillor|fire officer|panel|committee)\b[^.;:]{0,40}?"
    r"\b(?:said|asked (?:what|whether|how|when|if|why|that)|reported|explained|added|confirmed|noted|stressed|emphasised|suggested)\b[^.;:]{0,200}?\b(?:should|must|needs? to|ought to)\b",
    re.IGNORECASE,
)
DONE: Final = re.compile(
    r"\b(?:ha(?:s|ve) (?:now |already |since |also |recently |all |each |both )*(?:been |had )?\w+(?:ed|en|un|ne|de|ld|ut|it)\b"
    r"|ha(?:s|ve) (?:no|a|an|its|our|the|their|good|robust|strong|effective|clear)\b"
    r"|(?:was|were|had|did)\b|(?:is|are) (?:now|already|currently|well|confident|pleased|working|in place|being|good|effective|aware)\b"
    r"|continues? to\b|completed\b|now (?:provides?|uses?|receives?|has|have)\b|we (?:found|saw|looked|heard)\b"
    r"|(?:understands?|recognises?|works?|treats?) (?:well|that|when|the)\b)",
    re.IGNORECASE,
)
_ALREADY: Final = re.compile(
    r"^(?:the |our |we |all |new |a |an )?(?:[\w’'-]+ ){0,6}?(?:ha(?:s|ve)|was|were|is now|are now) ",
    re.IGNORECASE,
)
IMPERATIVE: Final = re.compile(
    r"(?:(?:that|to|how|by|immediately|urgently|fully|continue to|work with [\w’' -]{3,60} to) ){0,2}"
    r"(?:accelerat|adopt|address|adher|agre|align|allocat|amend|analys|appl|appoint|arrang|assess|assur|audit|be |build|carry out|"
    r"check|clarif|collat|commission|communicat|complet|complianc|comply|conduct|consider|continu|co-?ordinat|creat|decid|defin|deliver|"
    r"demonstrat|design|develop|distribut|document|embed|enabl|encourag|enhanc|ensur|establish|evaluat|examin|expand|explor|feed back|"
    r"follow|give|giving|hold|identif|implement|improv|includ|increas|inform|integrat|introduc|invest|issu|keep|launch|lead|maintain|make|making|"
    r"manag|mandat|minimis|monitor|obtain|offer|organis|pilot|plan|prepar|prevent|prioritis|produc|promot|provid|publish|put |putting|"
    r"reassur|recognis|record|recruit|redesign|reduc|refresh|reinforc|remind|remov|replac|report|requir|resolv|respond|revis|review|revisit|"
    r"roll out|scrutinis|secur|set |share|sharing|show|simplif|specif|standardis|stop|strengthen|submit|supervis|support|take|tackl|tell|test|track|train|"
    r"understand|undertak|updat|upgrad|us(?:e|es|ing)\b|verif|work)\w{0,4}\b",
    re.IGNORECASE,
)
CONTINUES: Final = re.compile(
    r"(?:(?:and|in addition|also|to do this|in doing so|as part of this|in particular|when doing (?:this|so)),? )?"
    r"(?:this|these|they|it|those|such|the (?:review|plan|plans|strategy|guidance|training|process|policy|assessment|work|work plan|programme|"
    r"arrangements|standards?|approach|action plan|framework))\b(?: (?!(?:has|have|is|are|was|were|will|had)\b)[\w’'-]+){0,6}? (?:should|must|needs? to)\b",
    re.IGNORECASE,
)
LISTS_ON: Final = re.compile(
    r"(?::|[-–—]|…|\.\.\.|\b(?:the following|as follows|should|must|to|that|how it))[.]?$", re.IGNORECASE
)
LEADS_TO_PARTS: Final = re.compile(
    r"(?:\b(?:by|including|includes?|such as|in particular|particular(?:ly)?|especially|focus(?:ing)? on|consider|cover|the following"
    r"(?: \w+){0,3}|following|areas|as a minimum|to|means|through)\s*(?::|[-–—])$)",
    re.IGNORECASE,
)
NONE_MADE: Final = re.compile(
    r"\b(?:no|not any|nil|without) (?:\w+ ){0,3}?(?:recommendations?|areas? for improvements?|afis?)\b"
    r"|(?:recommendations?|areas? for improvements?) (?:\w+ ){0,4}?(?:were|was|are|is) not (?:made|relevant|applicable)"
    r"|(?:did|does|do) not (?:make|contain|include) (?:any )?(?:\w+ ){0,2}?recommendations?|^(?:none|n/?a|nil|not applicable)\b",
    re.IGNORECASE,
)
ALL_FOR_OTHERS: Final = re.compile(
    r"\b(?:all|both|these|the|every one of the) (?:\w+ ){0,3}?recommendations? (?:are|is|were) (?:made |directed |aimed |addressed |intended )?(?:for|to|at) ",
    re.IGNORECASE,
)
_DATED: Final = re.compile(
    r"(?:by|within|before|no later than|not later than|immediately|with immediate effect)\b[^,.:;]{0,60},\s*",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bNo)(?<!\bRec)(?<!\bpara)(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)[.!?][\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9])"
)


def asks(text: str) -> bool:
    """Return whether the words ask somebody for something."""
    return bool(DUTY.search(text) or RECOMMENDS.search(text))


def tells(text: str) -> bool:
    """Return whether the words tell of what is or was, and ask nothing."""
    return not asks(text) and bool(DONE.search(text) or _ALREADY.match(text))


def commands(text: str) -> bool:
    """Return whether the words begin as an order does: "Review the policy", "making sure that"."""
    return bool(IMPERATIVE.match(_DATED.sub("", text.lstrip("“\"‘'"), count=1)))


def sentences(text: str) -> list[tuple[int, int]]:
    """Return where each sentence starts and ends."""
    places = [0, *(found.end() for found in _SENTENCE.finditer(text)), len(text)]
    return [
        (start, start + len(text[start:end].rstrip()))
        for start, end in itertools.pairwise(places)
        if end > start
    ]


def last_sentence(text: str) -> str:
    """Return the last sentence of a paragraph."""
    start, end = sentences(text)[-1] if text else (0, 0)
    return text[start:end]


def levelled(text: str) -> str:
    """Return the words for comparing: lower case, straight quotes, single spaces, no marks at the ends."""
    plain = text.casefold().translate(str.maketrans("‘’‛“”–—‐‑", "'''\"\"----"))
    return " ".join(plain.split()).strip(" .,;:-'\"")

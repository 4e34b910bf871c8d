"""HTML as other programs write it, as a tree: what is never closed ends with its parent."""

import re
from html import unescape
from xml.etree.ElementTree import Element, SubElement

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?)>")
DEEPEST = 40
_ATTRIBUTE = re.compile(r"""([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_VOID = {"br", "img", "hr"}
_ENDS_A_PARAGRAPH = {"p", "div", "ul", "ol", "dl", "table", "blockquote", "pre", "hr", "figure"} | {
    f"h{level}" for level in range(1, 7)
}
_ENDS_ITS_LIKE = {"li", "tr", "td", "th", "dt", "dd"}
_INLINE = {"strong", "b", "em", "i", "code", "a", "span", "font", "u", "small", "big", "tt", "sup", "sub"}
_KNOWN = (
    _VOID
    | _ENDS_A_PARAGRAPH
    | _ENDS_ITS_LIKE
    | _INLINE
    | {"thead", "tbody", "figcaption", "caption", "section", "article"}
)


def tree_of(html: str) -> Element:
    """The texts and tags below one `div`, in their order."""
    root = Element("div")
    path = [root]
    end = 0
    html = _without_comments(html)
    for tag in TAG.finditer(html):
        name = tag[2].lower()
        if name not in _KNOWN:
            continue
        _add_text(path[-1], html[end : tag.start()])
        end = tag.end()
        if tag[1]:
            _close(path, name)
        else:
            _open(path, name, tag[3])
    _add_text(path[-1], html[end:])
    return root


def add_text(parent: Element, text: str) -> None:
    """Text behind whatever the element has so far."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _add_text(parent: Element, raw: str) -> None:
    add_text(parent, unescape(raw))


def _open(path: list[Element], name: str, attributes: str) -> None:
    if name in _ENDS_A_PARAGRAPH and any(element.tag == "p" for element in path[1:]):
        _close(path, "p")
    elif name in _ENDS_ITS_LIKE and path[-1].tag == name:
        path.pop()
    element = SubElement(path[-1], name, _attributes(attributes))
    if name not in _VOID and len(path) < DEEPEST:
        path.append(element)


def _close(path: list[Element], name: str) -> None:
    for place in range(len(path) - 1, 0, -1):
        if path[place].tag == name:
            del path[place:]
            return


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(one or other) for name, one, other in _ATTRIBUTE.findall(text)}


def _without_comments(html: str) -> str:
    """Without comments and the frames of CDATA; a comment that is never closed is text."""
    html = html.replace("<![CDATA[", "").replace("]]>", "")
    found: list[str] = []
    end = 0
    while (start := html.find("<!--", end)) >= 0 and (close := html.find("-->", start)) >= 0:
        found.append(html[end:start])
        end = close + 3
    return "".join(found) + html[end:]

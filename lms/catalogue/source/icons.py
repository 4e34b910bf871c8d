"""The icons that stand in published lessons. The rice ear is our own, the others are Lucide's (ISC)."""


def _icon(paths: str) -> str:
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{paths}</svg>'


LIGHTBULB = _icon(
    '<path d="M15 14c.2-1 .7-1.7 1.5-2.5 1-.9 1.5-2.2 1.5-3.5A6 6 0 0 0 6 8c0 1 .2 2.2 1.5 3.5.7.7 1.3 1.5 '
    '1.5 2.5"/><path d="M9 18h6"/><path d="M10 22h4"/>'
)
TRIANGLE = _icon(
    '<path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3"/>'
    '<path d="M12 9v4"/><path d="M12 17h.01"/>'
)
HAND = _icon(
    '<path d="M18 11V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2"/><path d="M14 10V4a2 2 0 0 0-2-2a2 2 0 0 0-2 2v2"/>'
    '<path d="M10 10.5V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2v8"/><path d="M18 8a2 2 0 1 1 4 0v6a8 8 0 0 1-8 '
    '8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82L7 15"/>'
)
RICE_EAR = _icon(
    '<path d="M6 21C9 14 12 9 18 5"/><path d="M18 5c.6-1.6 1.7-2.5 3-3 .2 1.6-.4 3-1.6 4"/>'
    '<path d="M14.5 8.5c-1-1.5-1-3.2-.3-4.8 1.3 1 1.9 2.5 1.6 4.1M11.5 12c-1.3-1.3-1.6-3-1.2-4.7 1.5.8 2.3 '
    "2.2 2.3 3.9M16 10c1.7-.5 3.3-.1 4.7.8-1.3 1.2-2.9 1.5-4.5 1.1M13 13.3c1.6-.7 3.3-.5 4.8.2-1.2 1.3-2.7 "
    '1.8-4.3 1.6"/>'
)
CIRCLED_I = _icon('<circle cx="12" cy="12" r="10"/><path d="M12 16v-4"/><path d="M12 8h.01"/>')
CHEVRON = _icon('<path d="m6 9 6 6 6-6"/>')

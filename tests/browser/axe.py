"""axe-core, the tester of accessibility, in a page that is open."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

(_FILE,) = (Path(__file__).parent / "vendor").glob("axe-*.min.js")
SCRIPT = _FILE.read_text("utf-8")


def faults(page: Page, rules: list[str] | None = None) -> list[str]:
    """The rules that the page breaks, each with the elements at fault; all rules are asked, or these."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    violations = page.evaluate("options => axe.run(options).then(result => result.violations)", options)
    return [f"{one['id']} at {[node['target'] for node in one['nodes']]}" for one in violations]

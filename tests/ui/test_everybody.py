"""The page for everybody: keyboard, screen reader, phone, light and dark."""

from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from tests.ui.browser import PROJECT, Browser
from tests.ui.site import Site

pytestmark = pytest.mark.no_cover

AXE = PROJECT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}


def serious(browser: Browser) -> list[str]:
    """Return what axe finds to be serious or worse."""
    assert AXE.exists(), "axe-core is not installed: `make ui-check` does it, with Node's npm."
    browser.driver.execute_script(AXE.read_text("utf-8"))
    found: dict[str, Any] = browser.driver.execute_async_script(
        "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then(done)"
    )
    return [
        f"{each['id']}: {each['help']}: {[node['target'] for node in each['nodes'][:3]]}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/?in=scenes&query=lantern&page=2", "/?in=performers"])
def test_axe(site: Site, browser: Browser, address: str, theme: str) -> None:
    """No serious finding of axe, every facet unfolded, in light and in dark."""
    browser.open(site.url + address)
    while f"Theme: {theme}" != browser.one("#theme").text:
        browser.one("#theme").click()
    browser.unfold_all()
    browser.until(lambda: not browser.all("details > div:empty"))
    browser.driver.execute_script("scrollTo(0, 0)")
    browser.keep(f"{'scenes' if 'scenes' in address else 'performers'}-{theme}")
    assert serious(browser) == []


def test_theme_is_kept(site: Site, browser: Browser) -> None:
    """The theme that somebody chose is there after a reload, and it shows."""
    browser.open(site.url)
    seen = set()
    for _ in range(3):
        browser.one("#theme").click()
        chosen = browser.one("#theme").text
        browser.open(site.url)
        assert browser.one("#theme").text == chosen
        seen.add((chosen, browser.one("body .card").value_of_css_property("background-color")))
    assert len({chosen for chosen, _ in seen}) == 3
    colours = dict(seen)
    assert colours["Theme: light"] != colours["Theme: dark"]


def test_keyboard(site: Site, browser: Browser) -> None:
    """Without a mouse: skip to the results, narrow by a facet, unfold another."""
    browser.open(site.url)
    browser.press(Keys.TAB)
    assert browser.driver.switch_to.active_element.text == "Skip to the results"
    box = browser.facet("resolution", "input[type=checkbox]")
    browser.until(lambda: browser.all(box))
    browser.focus_on(box)
    browser.press(Keys.SPACE)
    browser.until(lambda: browser.all("#chosen .ais-CurrentRefinements-category"))
    browser.focus_on(browser.facet("stars", "summary"))
    browser.press(Keys.ENTER)
    browser.until(lambda: browser.all(browser.facet("stars", "input")))


def test_screen_reader(site: Site, browser: Browser) -> None:
    """The number of hits is announced, everything to use has a name."""
    browser.open(site.url)
    assert browser.one("#stats").aria_role == "status"
    used = [
        each for each in browser.all("input, select, button, nav, aside") if each.is_displayed()
    ]
    names = {each.accessible_name for each in used}
    assert "" not in names
    assert {"Collections", "Filters", "Year: from", "Year: to"} <= names


def test_phone(site: Site, browser: Browser) -> None:
    """On a narrow screen nothing is cut off, and the filters are a drawer that Escape closes."""
    browser.open(site.url, **PHONE)
    fits = "return document.documentElement.scrollWidth <= innerWidth"
    assert browser.driver.execute_script(fits)
    browser.keep("phone")
    panel = browser.one("#filters")
    assert not panel.is_displayed()
    browser.one("#filters-open").click()
    browser.until(panel.is_displayed)
    assert browser.driver.switch_to.active_element == browser.one("#filters-close")
    browser.one(browser.facet("resolution", "label")).click()
    browser.until(lambda: browser.all(".ais-RefinementList-item--selected"))
    browser.keep("phone-filters")
    assert serious(browser) == []
    browser.press(Keys.ESCAPE)
    browser.until(lambda: not panel.is_displayed())
    assert browser.driver.switch_to.active_element == browser.one("#filters-open")
    assert browser.all("#chosen .ais-CurrentRefinements-category")
    assert serious(browser) == []

"""A real Chromium, as a person uses it; the tests download neither it nor its driver."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

T = TypeVar("T")

PROJECT = Path(__file__).parents[2]
SCREENSHOTS = PROJECT / "build" / "screenshots"
WAIT_SECONDS = 20.0

_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # it doesn't start as root with it
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-prefers-reduced-motion",  # what slides can't be clicked
)


class Browser:
    """A page in Chromium, and what a person does with it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, url: str, *, width: int = 1400, height: int = 1000) -> None:
        """Go to an address and wait for the first hits."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get(url)
        self.until(lambda: self.all(".card, .nothing"))

    def until(self, condition: Callable[[], T]) -> T:
        """Return what a condition gives as soon as that is true."""
        wait = WebDriverWait(
            self.driver, WAIT_SECONDS, 0.05, ignored_exceptions=[StaleElementReferenceException]
        )
        return wait.until(lambda _driver: condition())

    def all(self, selector: str) -> list[WebElement]:
        """Return all elements of a selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """Return the first element of a selector."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        """Return what elements show, as it stands in the document."""
        script = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)"
        found: list[str] = self.driver.execute_script(script, selector)
        return [text.strip() for text in found]

    def titles(self) -> list[str]:
        """Return the titles of the cards."""
        return self.texts(".card h2")

    def found(self) -> int:
        """Return how many hits the page says there are."""
        return int(self.one("#stats").text.split()[0].replace(",", ""))

    def type(self, words: str) -> None:
        """Type into the search box, which "/" leads to."""
        self.one("body").send_keys("/")
        box = self.one("#box input")
        assert box == self.driver.switch_to.active_element
        box.send_keys(words)

    def facet(self, field: str, inner: str) -> str:
        """Return the selector of something inside a facet."""
        return f"details[data-field={field}] {inner}"

    def unfold_all(self) -> None:
        """Unfold every facet, by keyboard: each one's values move the others away from a mouse."""
        for summary in self.all("details:not([open]) > summary"):
            summary.send_keys(Keys.ENTER)
        assert self.all("details:not([open])") == []

    def choose(self, field: str, value: str) -> None:
        """Tick a value of a facet; while hits are awaited the list may still move."""
        self.until(lambda: self.one("#results").get_attribute("aria-busy") == "false")
        label = next(
            each
            for each in self.all(self.facet(field, "label"))
            if each.find_element(By.CSS_SELECTOR, "input").get_attribute("value") == value
        )
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", label)
        label.click()

    def sort(self, label: str) -> None:
        """Choose an order."""
        Select(self.one("#sort select")).select_by_visible_text(label)

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def focus_on(self, selector: str) -> None:
        """Tab until the focus is on an element, as somebody without a mouse does."""
        wanted = self.one(selector)
        for _ in range(60):
            if self.driver.switch_to.active_element == wanted:
                return
            self.press(Keys.TAB)
        raise AssertionError(f"The Tab key never leads to {selector}.")

    def keep(self, name: str) -> None:
        """Keep a screenshot, for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        assert self.driver.save_screenshot(str(SCREENSHOTS / f"{name}.png"))

    def complaints(self) -> list[str]:
        """Return the errors that the console has since this was last asked."""
        entries = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """Yield a Chromium with a new profile."""
    options = webdriver.ChromeOptions()
    options.binary_location = _program("chromium")
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(_program("chromedriver")))
    try:
        yield Browser(driver)
    finally:
        driver.quit()


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found, f"There is no {name}. On Debian: apt-get install chromium chromium-driver"
    return found

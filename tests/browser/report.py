"""The page of `host logs report`, used as a person uses it: report.py PAGE HOSTILE [FOLDER]

PAGE is made of the log that tests/src/report.rs writes, HOSTILE of one full of tags and quotes. Into FOLDER go pictures.
"""

import sys

sys.dont_write_bytecode = True

from browser import Browser

PAGE, HOSTILE = (f"file://{path}" for path in sys.argv[1:3])
FOLDER = sys.argv[3] if len(sys.argv) > 3 else None


def rows(page):
    return page.texts(".list .row .open-it")


def quiet(page):
    assert page.complaints() == [], page.complaints()
    assert page.requests() == [], page.requests()


def table(page):
    assert page.count(".list .row") == 100, page.count(".list .row")
    assert page.text("output") == "100 of 250 shown", page.text("output")
    assert page.accessible(".list")[:2] == ("table", "Conversations"), page.accessible(".list")
    # Sorting, with the mouse and with the keyboard.
    assert rows(page)[:3] == ["1", "2", "3"]
    page.click(".list .c-duration button")
    assert page.run("return document.querySelector('.c-duration').getAttribute('aria-sort')") == "descending"
    assert rows(page)[0] == "8", rows(page)[:3]
    page.press("Enter")
    assert page.run("return document.querySelector('.c-duration').getAttribute('aria-sort')") == "ascending"
    page.click(".list .c-number button")
    assert rows(page)[:2] == ["1", "2"]
    # More rows, and the keyboard goes on in them.
    page.click(".more button")
    assert page.count(".list .row") == 200
    assert 'id="b101"' in page.focused(), page.focused()
    page.click(".more button:last-child")
    assert page.count(".list .row") == 250 and page.text("output") == "250"


def filters(page):
    page.type(".search input", "order 17 bob@")
    assert rows(page) == [], rows(page)
    assert page.count(".list .empty") == 1
    page.clear(".search input")
    page.run("document.querySelector('.search input').dispatchEvent(new Event('input'))")
    page.run("""const box = document.querySelectorAll('.filters select')[0];
                box.value = 'problems'; box.dispatchEvent(new Event('change'))""")
    assert page.text("output") == "35 of 35 shown", page.text("output")
    assert set(page.texts(".list .badge")) == {"Failed"}
    # A cause of the chart leads to its conversations, and the keyboard follows.
    page.click("[data-cause=bad-credentials]")
    assert page.count(".list .row") == 35
    assert 'id="b8"' not in page.focused() and "open-it" in page.focused(), page.focused()
    page.run("""for (const box of document.querySelectorAll('.filters select')) {
                  box.value = ''; box.dispatchEvent(new Event('change')) }""")
    assert page.count(".list .row") == 100


def detail(page):
    page.run("document.getElementById('b7').focus()")
    assert page.accessible("#b7") == ("button", "Details of conversation 7"), page.accessible("#b7")
    page.press("Enter")
    assert page.run("return document.getElementById('b7').getAttribute('aria-expanded')") == "true"
    assert page.count("#d7 .sequence") == 1 and page.count("#d7 .timeline") == 1
    words = page.text("#d7")
    for expected in ("User name or password is wrong", "535 5.7.8 Username and Password not accepted", "Gmail",
                     "What to do:", "After the change."):
        assert expected in words, (expected, words)
    assert page.accessible("#d7 .sequence")[0] in ("img", "image"), page.accessible("#d7 .sequence")
    page.press("Tab")
    assert "summary" in page.focused(), page.focused()
    page.press("Enter")
    assert page.count("#d7 .said tr") >= 8
    page.press("Shift+Tab", "Space")
    assert page.count("#d7") == 0
    # The longest wait leads to its conversation.
    page.click("[data-open]")
    assert page.count(".detail") == 1


def narrow(page):
    assert page.run("return document.documentElement.scrollWidth") <= 390
    page.run("document.getElementById('b7').click()")
    assert page.run("return document.documentElement.scrollWidth") <= 390
    assert page.count("#d7 .sequence") == 1


def hostile(page):
    assert page.run("return document.querySelectorAll('script').length") == 2
    page.click(".open-it")
    words = page.text(".detail")
    assert "</SCRIPT ><!--<script>" in words, words
    assert "</script><script>alert(1)</script>" in words, words
    page.click(".detail summary")
    assert page.run("return document.querySelectorAll('main img, main iframe, main object, main a').length") == 0
    assert page.run("return typeof window.hurt") == "undefined"


def picture(page, name):
    if FOLDER:
        page.screenshot(f"{FOLDER}/report-{name}.png")


with Browser(height=1200) as page:
    page.open(PAGE)
    page.wait("return document.querySelectorAll('.row').length > 0")
    picture(page, "light")
    table(page)
    filters(page)
    detail(page)
    picture(page, "detail")
    page.prefer("dark")
    picture(page, "dark")
    page.for_print()
    assert page.count(".filters") == 0
    quiet(page)
with Browser(width=390, height=900, touch=True) as page:
    page.open(PAGE)
    page.wait("return document.querySelectorAll('.row').length > 0")
    narrow(page)
    picture(page, "narrow")
    quiet(page)
with Browser() as page:
    page.open(HOSTILE)
    page.wait("return document.querySelectorAll('.row').length > 0")
    hostile(page)
    quiet(page)
print("the page does what it should")

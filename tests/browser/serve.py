"""The page of `host serve`, as an administrator uses it: serve.py ADDRESS TOKEN [FOLDER FOR PICTURES]

Transporters: `main` leads to a good server, `wrong` has a wrong password there, `hostile` a server that answers with
script, `slow` one that takes its time.
"""

import json
import sys
import threading
import time
import urllib.error
import urllib.request

from browser import Browser

BASE, TOKEN = sys.argv[1:3]
PICTURES = sys.argv[3] if len(sys.argv) > 3 else None
SCRIPT = "<script>document.title='taken'</script>"


def send(transporter, subject, to="bob@mail.test"):
    mail = {"from": "Ana <ana@mail.test>", "to": [to], "subject": subject, "textBody": "Hello"}
    request = urllib.request.Request(
        f"{BASE}/v1/send?transporter={transporter}", json.dumps(mail).encode(),
        {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        return opener.open(request, timeout=60).status
    except urllib.error.HTTPError as error:
        return error.code


def picture(page, name, whole=False):
    if PICTURES:
        page.screenshot(f"{PICTURES}/{name}.png", whole)


def live(page):
    """Waits until the page has read everything anew, as it does when it begins to watch."""
    page.wait("return document.querySelector('#live')?.textContent === 'live' && ['log', 'list'].every(part =>"
              "performance.getEntriesByType('resource').some(one => one.name.includes('/part/' + part)))")
    time.sleep(0.2)


def log_in(page):
    page.open(BASE + "/")
    assert page.address() == BASE + "/login", page.address()
    page.type("#token", TOKEN + "\n")
    live(page)


def with_text(text):
    return f"return [...document.querySelectorAll('a.row')].some(row => row.textContent.includes({json.dumps(text)}))"


def choose(page, text):
    page.wait(with_text(text))
    page.run("[...document.querySelectorAll('a.row')].find(row => row.textContent.includes(arguments[0])).focus()", text)
    page.press("Enter")
    page.wait("const row = document.querySelector('.row[aria-current]'), number = document.querySelector('.facts dd');"
              "return row?.textContent.includes(arguments[0]) && number?.textContent === row.dataset.id", text)


def quiet(page):
    """No complaint, no request to another host, no script of others."""
    assert page.complaints() == [], page.complaints()
    others = [address for address in page.requests() if not address.startswith(BASE + "/")]
    assert others == [], others
    assert page.run("return document.title") == "SMTP conversations"


with Browser() as page:
    page.open(BASE + "/login")
    picture(page, "login")
    page.type("#token", "smtp_wrong\n")
    page.wait("return document.querySelector('[role=alert]')")
    assert any("403" in line for line in page.complaints())
    log_in(page)
    assert "The log is off" in page.text("#log")
    assert page.accessible("#log button.primary") == ("button", "Start logs")
    picture(page, "off")

    # The button, by the keyboard.
    page.run("document.querySelector('#log button.primary').focus()")
    page.press("Enter")
    page.wait("return document.querySelector('.logbar').dataset.state === 'on'")
    page.wait("return document.querySelector('#running') && document.querySelector('#running').textContent !== '0:00'")

    # A mail that goes appears by itself, and line by line.
    assert send("main", f"Minutes {SCRIPT}") == 200
    choose(page, "Minutes")
    page.wait("return document.querySelectorAll('#lines li').length > 10")
    said = page.texts("#lines .said")
    assert any(line.startswith('"MAIL FROM:<ana@mail.test>') for line in said), said
    assert any(SCRIPT in line for line in said), said
    page.wait("return document.querySelector('.where code').textContent.endsWith('SMTPLog_1.txt')")

    # Line by line, while it is said: this server takes its time.
    thread = threading.Thread(target=send, args=("slow", "Slowly"))
    thread.start()
    choose(page, "Slowly")
    counts = []
    page.wait("return document.querySelector('#lines[data-running]')")
    while page.count("#lines[data-running]"):
        counts.append(page.count("#lines li"))
        time.sleep(0.05)
    assert len({count for count in counts if count > 0}) > 2, counts
    thread.join()
    page.wait("return document.querySelector('.explained h3')")

    # A wrong password, by the form on the page.
    page.run("document.querySelectorAll('.tools details').forEach(one => { one.open = true; })")
    page.run("document.querySelector('form[action=\"/check\"] select').value = 'wrong'")
    page.click("form[action='/check'] button")
    page.wait("return document.querySelector('#notice .bad')")
    choose(page, "Check of the connection")
    page.wait("return document.querySelector('.explained h3')")
    assert page.text(".explained h3") == "User name or password is wrong", page.text(".explained h3")
    assert "535" in page.text(".facts")
    hidden = [line for line in page.texts("#lines .client .said") if "*" in line]
    assert hidden and all("not wonderland" not in line for line in page.texts("#lines .said")), hidden
    picture(page, "explained", True)
    page.prefer("dark")
    picture(page, "dark", True)
    page.prefer("light")

    # A test mail by the form; script in addresses and in the server's words stays text.
    page.run("document.querySelector('form[action=\"/send\"] select').value = 'hostile'")
    page.type("form[action='/send'] [name=from]", "ana@mail.test")
    page.type("form[action='/send'] [name=to]", "bob@mail.test")
    page.click("form[action='/send'] button")
    page.wait("return document.querySelector('#notice').textContent.includes('did not take it')")
    choose(page, "hostile")
    page.wait("return document.querySelector('.facts').textContent.includes('<script>')")
    assert page.count("main script") == 0 and page.count("main img") == 0
    assert send("hostile", "x", f'"{SCRIPT}"@mail.test') == 424
    page.wait(with_text(f'"{SCRIPT}"@mail.test'))

    # Filter, by outcome and by text; arrows move through the list.
    page.open(BASE + "/?outcome=accepted&text=minutes")
    live(page)
    assert page.count("a.row") == 1 and "Minutes" in page.text("a.row")
    page.open(BASE + "/")
    page.run("document.querySelector('a.row').focus()")
    page.press("Down")
    assert f'id="{page.run("return document.querySelectorAll(`a.row`)[1].id")}"' in page.focused()

    # Pause, resume, stop; the file can be downloaded.
    live(page)
    page.click(".logbar button[value=pause]")
    page.wait("return document.querySelector('.logbar').dataset.state === 'paused'")
    page.click(".logbar button[value=resume]")
    page.wait("return document.querySelector('.logbar').dataset.state === 'on'")
    text = page.run("const link = document.querySelector('.where a'); const ask = new XMLHttpRequest();"
                    "ask.open('GET', link.href, false); ask.send(); return ask.responseText")
    assert text.startswith("1 ") and "Minutes" in text and "### SMTP Connected to 'localhost'" in text, text[:200]
    report = page.run("const ask = new XMLHttpRequest(); ask.open('GET', document.querySelector('.where a').href"
                      "+ '/report', false); ask.send(); return ask.responseText")
    assert report.startswith("<!doctype html") or report.startswith("<!DOCTYPE html"), report[:200]
    assert "bad-credentials" in report
    page.click(".logbar button[value=stop]")
    page.wait("return document.querySelector('.logbar').dataset.state === 'off'")
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")
    quiet(page)

with Browser(width=390, height=844, touch=True) as page:
    log_in(page)
    choose(page, "Check of the connection")
    page.wait("return document.querySelector('.explained h3')")
    picture(page, "narrow", True)
    assert page.run("return document.documentElement.scrollWidth") <= 390
    quiet(page)

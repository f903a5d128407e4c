"""What a browser keeps of a delivery, to be opened anew without network."""

from playwright.sync_api import Page

_IS_KEPT = """async (form) => {
  const wanted = [location.pathname, ...[...document.querySelectorAll("script, link[rel=stylesheet]")]
    .map((one) => new URL(one.src || one.href).pathname)];
  for (let turn = 0; turn < 300; turn += 1) {
    for (const name of await caches.keys()) {
      if (!name.includes(` ${form} /`)) continue;
      const there = (await (await caches.open(name)).keys()).map(({url}) => new URL(url).pathname);
      if (wanted.every((path) => there.includes(path))) return;
    }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error("the list is not kept");
}"""


def kept_lists(page: Page) -> list[str]:
    """The names of the caches: whose they are, and the list's address."""
    return page.evaluate("caches.keys()")


def wait_until_kept(page: Page, form: int = 1) -> None:
    """Until the browser has the list that it shows, in the worker's form, and the files that it is drawn with."""
    page.evaluate(_IS_KEPT, form)

// What works when the pages are opened from files: a link to a folder leads to the page in it, and the search says why not.
if (location.protocol === "file:") {
  addEventListener("click", event => {
    const link = event.target.closest?.("a[href]");
    if (link?.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
  }, true);
  const search = document.querySelector("[data-md-component=search]"), question = search?.querySelector("input");
  if (question) {
    search.hidden = false;
    question.disabled = true;
    question.placeholder = "从文件打开的页面，浏览器不让它搜索";
    search.querySelector(".md-search-result__meta").textContent =
      "从文件打开的页面，浏览器不让它读别的文件，所以不能搜索；放到任何一个静态服务器上就可以。";
  }
}

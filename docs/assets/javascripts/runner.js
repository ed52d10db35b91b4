// Opens a stage's runner when the reader asks for it; until then this is all there is of it.
{
  const home = new URL("../runner/", document.currentScript.src);

  const obstacle = () => {
    if (location.protocol === "file:")
      return "这一页是从文件里打开的，浏览器不许它启动 Python；从任何一个静态服务器打开它，就可以运行。";
    if (typeof WebAssembly !== "object") return "这个浏览器没有 WebAssembly，运行不了 Python。";
    if (typeof Worker !== "function") return "这个浏览器没有 worker，运行不了 Python。";
    return null;
  };

  const canBeHad = address => fetch(address).then(({ ok }) => ok, () => false);

  const open = async (section, button) => {
    const note = section.querySelector(".runner__note");
    const panel = new URL(`${section.dataset.from}/panel.js`, home);
    button.disabled = true;
    try {
      const { openPanel } = await import(panel);
      await openPanel(section, JSON.parse(section.dataset.experiment));
      button.remove();
    } catch (error) {
      // An import that got nothing fails with a TypeError, as does a mistake of ours: only asking again tells.
      const ours = await canBeHad(panel);
      const why = ours ? `编辑器出了错（${error}），这不怪网络` : "编辑器没有下载下来，看看网络，再刷新这一页";
      note.textContent = `${why}；上面实测的结果不受影响。`;
      if (ours) throw error;
    }
  };

  const offer = section => {
    const button = section.querySelector("button[name=open]");
    const why = obstacle();
    if (why) {
      section.querySelector(".runner__note").textContent = why;
      return;
    }
    button.hidden = false;
    button.onclick = () => open(section, button);
    const shared = new URLSearchParams(location.hash.slice(1)).get("run");
    if (shared && shared === JSON.parse(section.dataset.experiment).stage) {
      section.scrollIntoView();
      button.click();
    }
  };

  const offerAll = () => document.querySelectorAll(".runner[data-experiment]").forEach(offer);
  // Who pastes a link to an experiment on the page that it is of wants that experiment, unless there is one.
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#run=") && !document.querySelector(".runner form")) location.reload();
  });
  // There the theme's document$ never comes.
  if (location.protocol === "file:") offerAll();
  else document$.subscribe(offerAll);
}

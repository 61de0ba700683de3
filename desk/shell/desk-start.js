// From the first paint to the running desk. The page knows the names of all files; this file knows none. #start goes as
// soon as the module has started; the desk has mounted by then.

const FAILURES = {
  "BL-01": "Trình duyệt này quá cũ. Vui lòng cập nhật trình duyệt rồi mở lại.",
  "BL-02": "Chưa tải được trang. Vui lòng kiểm tra kết nối mạng rồi thử lại.",
  "BL-03": "Trang không khởi động được. Vui lòng thử lại; nếu vẫn vậy, báo mã lỗi cho quản trị viên.",
};

const byId = (id) => document.getElementById(id);

const show = (code, error) => {
  const box = byId("start");
  if (!box) return;
  box.setAttribute("role", "alert");
  byId("start-step").textContent = FAILURES[code];
  byId("start-note").textContent = `Mã lỗi: ${code}`;
  const detail = document.createElement("p");
  detail.className = "start-detail";
  detail.textContent = String(error ?? "");
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "Thử lại";
  again.addEventListener("click", () => location.reload());
  box.append(again, detail);
};

const start = async () => {
  if (typeof WebAssembly !== "object") return show("BL-01");
  let glue;
  let module;
  try {
    [glue, module] = await Promise.all([
      import(byId("glue").href),
      fetch(new URL(byId("module").content, document.baseURI)),
    ]);
    if (!module.ok || module.headers.get("content-type") !== "application/wasm") throw new Error(`HTTP ${module.status}`);
  } catch (error) {
    return show("BL-02", error);
  }
  try {
    await glue.default({ module_or_path: module });
    byId("start")?.remove();
  } catch (error) {
    show(error instanceof WebAssembly.CompileError ? "BL-01" : "BL-03", error);
  }
};

start();

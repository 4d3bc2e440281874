// Hands many files to Streamlit's uploader a portion at a time, each as one zip that is put together here.
// Why, and how the two sides agree: upload_portions.py.

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

function crc32(bytes) {
  let crc = ~0;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

// A header of a zip entry (PKWARE APPNOTE 4.3.7, 4.3.12): stored as it is, name in UTF-8.
function header(signature, before, name, size, crc, after) {
  const bytes = new Uint8Array(30 + before.length + after.length + name.length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const put16 = (...values) => values.forEach((value) => (view.setUint16(at, value, true), (at += 2)));
  const put32 = (...values) => values.forEach((value) => (view.setUint32(at, value, true), (at += 4)));
  put32(signature);
  bytes.set(before, at);
  at += before.length;
  put16(20, 0x0800, 0, 0, 0x21); // version, UTF-8, stored, 1 January 1980
  put32(crc, size, size);
  put16(name.length, 0);
  bytes.set(after, at);
  at += after.length;
  bytes.set(name, at);
  return bytes;
}

async function zip(portion, fileBytes, name, comment) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { file, path } of portion) {
    let content;
    try {
      // Of what is too large only so much that the server can say so.
      content = new Uint8Array(await file.slice(0, fileBytes + 1).arrayBuffer());
    } catch {
      content = new Uint8Array(0); // gone or locked since it was chosen: a row that says it cannot be read
    }
    const title = new TextEncoder().encode(path);
    const crc = crc32(content);
    const local = header(0x04034b50, [], title, content.length, crc, []);
    parts.push(local, content);
    const after = new Uint8Array(14); // of comment, disk and attributes nothing; and where the entry begins
    new DataView(after.buffer).setUint32(10, offset, true);
    directory.push(header(0x02014b50, [20, 0], title, content.length, crc, after));
    offset += local.length + content.length;
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, directory.length, true);
  end.setUint16(10, directory.length, true);
  end.setUint32(12, directory.reduce((sum, each) => sum + each.length, 0), true);
  end.setUint32(16, offset, true);
  end.setUint16(20, comment.length, true);
  return new File([...parts, ...directory, end, comment], name, { type: "application/zip" });
}

// The field of one uploader: for a moment the one before may still stand on the page, and lead nowhere.
function fieldOf(uploader) {
  return document.querySelector(`.st-key-${uploader} input[type=file]`);
}

function isEmpty(uploader) {
  return document.querySelector(`.st-key-${uploader} [data-testid="stFileChips"]`) === null;
}

// To the uploader as if a person had chosen them; false where it is not there.
function choose(files, uploader) {
  const field = fieldOf(uploader);
  if (field === null) return false;
  const carrier = new DataTransfer();
  files.forEach((file) => carrier.items.add(file));
  field.files = carrier.files;
  waiting.choosing = true; // not to be taken from the uploader again, however many they are
  field.dispatchEvent(new Event("change", { bubbles: true }));
  waiting.choosing = false;
  return true;
}

async function filesIn(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    return file === null ? [] : [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const found = [];
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return found; // a folder answers a hundred at a time
    for (const each of some) found.push(...(await filesIn(each)));
  }
}

const isZip = ({ file }) => /\.zip$/i.test(file.name);

// On the window, because the page may go and come back while files wait. `queue` holds (file, path) pairs, the
// first `handed` of which are on their way to the uploader of the server's `round`; `zips` the archives among
// what was dropped.
const waiting = (window.rautWaiting ??= { queue: [], handed: 0, round: -1, zips: [], busy: false });

export default function ({ data, parentElement }) {
  parentElement.stopListening?.(); // Streamlit calls what is returned only when the part leaves the page
  let note = parentElement.querySelector("p");
  if (note === null) {
    note = document.createElement("p");
    note.setAttribute("role", "status");
    parentElement.append(note);
  }

  const show = () => {
    const n = waiting.queue.length - waiting.handed;
    const text = data.texts[n === 1 ? 0 : 1];
    note.textContent = n > 0 ? text.replace("{n}", n.toLocaleString(data.language)) : "";
    const place = document.querySelector(`[data-testid="stLayoutWrapper"]:has(> .st-key-${data.place})`);
    // Else it would take a gap; and a phone would scroll sideways, were it as wide as the page.
    if (place !== null) Object.assign(place.style, n > 0 ? { position: "", width: "" } : { position: "absolute", width: "0" });
  };

  const hand = async () => {
    waiting.busy = true;
    try {
      let count = 0;
      let bytes = 0;
      while (count < waiting.queue.length && count < data.portion) {
        bytes += Math.min(waiting.queue[count].file.size, data.fileBytes);
        if (count > 0 && bytes > data.portionBytes) break;
        count++;
      }
      const comment = new TextEncoder().encode(data.comment + (waiting.queue.length - count));
      const file = await zip(waiting.queue.slice(0, count), data.fileBytes, data.name, comment);
      if (choose([file], data.uploader)) {
        waiting.handed = count;
        waiting.round = data.round;
      }
    } finally {
      waiting.busy = false;
      show();
    }
  };

  // Every so often, and not at once when the server says something: the page around this part is drawn a
  // little later, and what was handed to an uploader that is just being replaced is lost.
  let looks = 0;
  const look = () => {
    if (waiting.busy || fieldOf(data.uploader) === null) return;
    if (waiting.handed > 0) {
      looks = isEmpty(data.uploader) ? looks + 1 : 0;
      if (looks < 20) return;
      waiting.handed = 0; // it never came: once more
    }
    looks = 0;
    if (!data.idle) return;
    if (waiting.queue.length > 0) hand();
    else if (waiting.zips.length > 0) choose(waiting.zips.splice(0), data.uploader);
  };

  const take = (found) => {
    const companion = new RegExp(data.companions, "i");
    found = found.filter(({ path }) => !companion.test(path));
    // A folder lists its files in any order.
    found.sort((one, other) => one.path.localeCompare(other.path, data.language, { numeric: true }));
    const plain = found.filter((each) => !isZip(each));
    if (plain.length <= data.many && waiting.queue.length === 0) {
      choose(found.map(({ file }) => file), data.uploader);
      return;
    }
    waiting.queue.push(...plain);
    // An archive within a portion would be one within another: they come by themselves, at the end.
    waiting.zips.push(...found.filter(isZip).map(({ file }) => file));
    show();
  };

  const onChange = (event) => {
    if (waiting.choosing) return;
    const files = [...(event.target.files ?? [])];
    if (!event.target.closest?.(".st-key-photo_drop") || files.length <= data.many) return;
    event.stopImmediatePropagation();
    take(files.map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    event.target.value = "";
  };

  const onDrop = (event) => {
    if (!event.isTrusted || !event.target.closest?.(".st-key-photo_drop")) return;
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = event.dataTransfer.files;
    if (files.length <= data.many && !entries.some((entry) => entry.isDirectory)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // The uploader saw the drag come in and is to see it end.
    event.target.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: new DataTransfer() }));
    Promise.all(entries.map(filesIn)).then((found) => take(found.flat()));
  };

  if (waiting.handed > 0 && data.round > waiting.round) {
    // The server has them. With none there at all the reader removed everything; without room the rest is
    // left out, and the page says so.
    const over = data.photos === 0 || data.room < 0;
    waiting.queue.splice(0, over ? waiting.queue.length : waiting.handed);
    if (over) waiting.zips = [];
    waiting.handed = 0;
  }
  show();

  document.addEventListener("change", onChange, true);
  document.addEventListener("drop", onDrop, true);
  const timer = setInterval(look, 250);
  return (parentElement.stopListening = () => {
    document.removeEventListener("change", onChange, true);
    document.removeEventListener("drop", onDrop, true);
    clearInterval(timer);
  });
}

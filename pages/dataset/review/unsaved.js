// Asks before the tab is closed or loaded anew while reviews are in no download yet; the browser has words of its own.

const state = (window.rautReview ??= { lost: false, listening: false });

function onLeave(event) {
  if (!state.lost) return;
  event.preventDefault();
  event.returnValue = true; // Chromium before 119
}

export default function ({ data }) {
  state.lost = data.lost;
  if (state.listening) return;
  state.listening = true;
  window.addEventListener("beforeunload", onLeave);
}

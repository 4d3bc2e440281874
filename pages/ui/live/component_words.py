"""What the streaming component cannot be told: words for the browser's errors and a slow connection, and patience.

`translations` of `webrtc_streamer` knows none of them, and Python never hears of them. The component's frame comes from this
server, so a script of the page may read it, and puts the reader's words in place of its own.
"""

from __future__ import annotations

import streamlit as st

from pages.ui.i18n import N_, _, language

ERRORS: dict[str, str] = {
    "NotAllowedError": N_(
        "The browser does not allow this page to use the camera. Click the camera sign in the address bar and allow it, "
        "then press Start. If there is none, allow the camera in the settings of the browser or of the computer."
    ),
    "NotFoundError": N_("No camera was found. Plug one in or switch it on, then press Start."),
    "NotReadableError": N_(
        "The camera cannot be opened: another program uses it, or the computer blocks it. Close other programs that use "
        "it, or unplug it and plug it in again, then press Start."
    ),
    "OverconstrainedError": N_(
        "The chosen camera is gone, or cannot give such a picture. Choose another camera, then press Start."
    ),
    "AbortError": N_("The browser could not open the camera. Press Start again, or restart the browser."),
    "SecurityError": N_(
        "Cameras are switched off in this browser. Switch them on in its settings, then reload this page."
    ),
    "insecure": N_(
        "The browser gives a camera only to pages that are loaded securely. Open this page at an address that begins "
        "with https://, or on the computer that runs Raut at http://localhost."
    ),
    "unsupported": N_(
        "This browser gives no camera to pages. Use a current Chrome, Edge, Firefox or Safari."
    ),
    "slow": N_(
        "Connecting takes longer than usual. If no picture comes, press Stop and try again in the same network as the "
        "computer that runs Raut; from another network it needs a relay, which whoever runs Raut can set up."
    ),
    "other": N_("The video could not be started. Press Start again, or reload the page. The browser says:"),
}
"""Kind of a message to what the reader is told in its place: what happened, and what to do."""

NO_CAMERA = ("NotFoundError", "insecure", "unsupported")
"""Those of `ERRORS` where live video is out of reach: what works without it is said as well."""

SCRIPT = """
const FRAME = 'iframe[title="streamlit_webrtc.component.webrtc_streamer"]';
const kindOf = (text) => {
  if (text.includes("loaded securely")) return "insecure";
  if (text.includes("is not implemented")) return "unsupported";
  if (text.includes("longer than expected")) return "slow";
  return /^\\w+Error/.exec(text)?.[0] ?? "other";
};
// React goes on using its text nodes: their values change, and none is added or taken away.
const write = (element, text) => {
  const nodes = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  nodes.forEach((node, at) => {
    const value = at ? "" : text;
    if (node.nodeValue !== value) node.nodeValue = value;
  });
};

// Our words may be longer than those that the component made its frame as high as; only a message from inside counts.
const fit = (body) => {
  const frame = body.ownerDocument.defaultView.frameElement, height = body.scrollHeight;
  if (height <= frame.clientHeight) { frame.rautHeight = 0; return; }
  if (height === frame.rautHeight) return;  // it is on its way
  frame.rautHeight = height;
  const script = body.ownerDocument.createElement("script");
  script.textContent = `parent.postMessage(
    {isStreamlitMessage: true, type: "streamlit:setFrameHeight", height: document.body.scrollHeight}, "*")`;
  body.ownerDocument.head.append(script);
  script.remove();
};

// A connection that the browser calls disconnected often comes back within seconds, on a busy computer or in a weak
// wireless network; where it does not, the browser calls it failed. The component would end the video at the first.
const wait = (view) => {
  const peer = view?.RTCPeerConnection;
  if (!peer || peer.rautWaits) return;
  peer.rautWaits = true;
  const listen = peer.prototype.addEventListener;
  peer.prototype.addEventListener = function (kind, listener, ...how) {
    if (kind !== "connectionstatechange") return listen.call(this, kind, listener, ...how);
    const patient = (event) => { if (this.connectionState !== "disconnected") listener.call(this, event); };
    return listen.call(this, kind, patient, ...how);
  };
};

export default function ({ data, parentElement }) {
  const translate = (body) => {
    body.ownerDocument.documentElement.lang = data.language;
    for (const message of body.querySelectorAll(".MuiAlert-message")) {
      const text = message.textContent;
      if (!message.rautText || !text.startsWith(message.rautText)) {
        message.rautKind = kindOf(text);
        // React writes anew what has changed alone: the colon between two parts may be gone.
        const parts = [...message.childNodes].map((node) => node.textContent).filter((part) => part && part !== ": ");
        message.rautOriginal = parts.join(": ");
      }
      const kind = message.rautKind in data.errors ? message.rautKind : "other";
      message.rautText = data.errors[kind] + (kind === "other" ? " " + message.rautOriginal : "");
      write(message, message.rautText);
    }
    for (const element of body.querySelectorAll("div, button, label")) {
      const told = data.told.find((one) => element.textContent.startsWith(one + " ("));
      if (told && !element.childElementCount) write(element, told);  // the browser's own words behind it go
      element.rautPlain ??= Object.hasOwn(data.plain, element.textContent) ? element.textContent : undefined;
      if (element.rautPlain) write(element, data.plain[element.rautPlain]);
    }
    fit(body);
  };
  const look = () => {
    const frame = document.querySelector(FRAME), body = frame?.contentDocument?.body;
    wait(frame?.contentWindow);
    if (!body || !body.querySelector("button")) return;
    frame.setAttribute("aria-label", data.name);
    fit(body);
    if (parentElement.watched !== body) {
      parentElement.watch?.disconnect();
      parentElement.watched = body;
      parentElement.watch = new MutationObserver(() => parentElement.translate(body));
      parentElement.watch.observe(body, { subtree: true, childList: true, characterData: true });
      parentElement.translate(body);
    }
  };
  parentElement.translate = translate;
  if (parentElement.watched) translate(parentElement.watched);  // in another language now
  clearInterval(parentElement.looking);
  parentElement.looking = setInterval(look, 300);
  look();
  return () => {
    clearInterval(parentElement.looking);
    parentElement.watch?.disconnect();
  };
}
"""


def words_of_the_component(otherwise: str) -> None:
    """Put the reader's words in place of the component's own, and go on doing so.

    Args:
        otherwise: what the page has that works without live video, as a translated sentence.
    """
    words = st.components.v2.component("live_words", js=SCRIPT)
    with st.container(key="live_words"):
        words(
            key="live_words_component",
            data={
                "language": language(),
                "name": _("Video of the camera"),
                "errors": {
                    kind: f"{_(sentence)} {otherwise}" if kind in NO_CAMERA else _(sentence)
                    for kind, sentence in ERRORS.items()
                },
                "told": [camera_denied(), camera_missing()],
                "plain": {"Done": _("Done"), "Video Input": _("Camera")},
            },
        )


def camera_denied() -> str:
    """For the component's choice of a camera."""
    return _(ERRORS["NotAllowedError"])


def camera_missing() -> str:
    """The same, of a camera that is not there and of one in use: the component has one text for both."""
    return _("No camera could be opened. Plug one in, and close other programs that use it.")

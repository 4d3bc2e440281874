// Fetches pictures for the map while it is pointed at, without sending the map itself again.

export default function ({ data, setTriggerValue, parentElement }) {
  parentElement.stopListening?.();
  window.rautMapPictures ??= new Map();
  if (data.set !== window.rautMapPicturesOf) {
    window.rautMapPictures.clear();
    window.rautMapPicturesOf = data.set;
  }
  const down = Math.ceil(data.rows.length / data.across);
  const across = Math.min(data.across, data.rows.length);
  data.rows.forEach((row, at) => window.rautMapPictures.set(row, { sprite: data.sprite, at, across, down }));
  window.dispatchEvent(new Event("raut-map-pictures"));
  const onWant = ({ detail }) => setTriggerValue("want", detail);
  window.addEventListener("raut-map-want", onWant);
  return (parentElement.stopListening = () => window.removeEventListener("raut-map-want", onWant));
}

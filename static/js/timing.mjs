// When each frame of the films on the review page is shown. A source may give every frame a time of its own; `data-times`
// then has them, in milliseconds, and the frames of any other film follow evenly. Frames are counted from 1.

const SLACK = 0.0005; // what a browser rounds away, in seconds

export const tools = document.getElementById("film-tools");
export const total = Number(tools?.dataset.frames ?? 0);
const times = tools?.dataset.times?.split(",").map((time) => Number(time) / 1000);

// the frame that a film shows at a moment
export function frameAt(film, seconds) {
  if (times) return Math.max(1, times.filter((time) => time <= seconds + SLACK).length);
  return Math.min(total, Math.floor((seconds / film.duration) * total + 0.02) + 1);
}

// a moment in the midst of a frame, so that a film that is sent there shows it
export function momentOf(film, frame) {
  if (!times) return ((frame - 0.5) / total) * film.duration;
  return (times[frame - 1] + (times[frame] ?? Math.max(film.duration, times[frame - 1]))) / 2;
}

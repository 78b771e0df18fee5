import type { Terminal } from '../terminal.js';

const WIDTH = 40;

/** A bar on stderr that is drawn again for every hundredth; where nobody watches, a line at the end. */
export type Progress = { readonly advance: () => void; readonly finish: () => void };

export function startProgress(all: number, { complain }: Terminal): Progress {
  const step = Math.max(1, Math.floor(all / 100));
  const watched = process.stderr.isTTY;
  let done = 0;
  const draw = () => {
    const filled = all === 0 ? WIDTH : Math.floor((done / all) * WIDTH);
    complain(
      `${watched ? '\r' : ''}[${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}] ${done.toLocaleString('en')} of ${all.toLocaleString('en')}`,
    );
  };
  return {
    advance: () => {
      done += 1;
      if (watched && done % step === 0) draw();
    },
    finish: () => {
      draw();
      complain('\n');
    },
  };
}

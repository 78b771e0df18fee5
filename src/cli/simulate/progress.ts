import type { Terminal } from '../terminal.js';
import type { Progress } from './run-workers.js';

const WIDTH = 40;
const REDRAW_MS = 100;

/** Draws how far a back-test is on stderr, where somebody watches: a bar, uses a second, and the time that is left. */
export function startProgress({ complain }: Terminal): {
  readonly report: (progress: Progress) => void;
  readonly finish: () => void;
} {
  if (!process.stderr.isTTY) return { report: () => undefined, finish: () => undefined };
  const start = performance.now();
  let drawn = start;
  return {
    report: (progress) => {
      const now = performance.now();
      if (now - drawn < REDRAW_MS) return;
      drawn = now;
      complain(`\r${progressLine(progress, (now - start) / 1000)}\x1b[K`);
    },
    // The result says more than a full bar.
    finish: () => {
      complain('\r\x1b[K');
    },
  };
}

/** `[████░░░░]  41 %  93,200 usages/s  0:12 left` */
export function progressLine({ read, usages }: Progress, seconds: number): string {
  const filled = Math.min(WIDTH, Math.floor(read * WIDTH));
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  const share = String(Math.floor(read * 100)).padStart(3);
  const rate = Math.round(usages / Math.max(seconds, 0.001)).toLocaleString('en');
  const left = read === 0 ? '' : `  ${clock((seconds * (1 - read)) / read)} left`;
  return `[${bar}] ${share} %  ${rate} usages/s${left}`;
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

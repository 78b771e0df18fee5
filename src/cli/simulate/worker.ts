import { parentPort, workerData } from 'node:worker_threads';
import { RatebookError } from '../../errors/error.js';
import type { Job, Message } from './job.js';
import { runShare } from './run-share.js';

// A use without a price is an error by the million here, and nobody reads where it was thrown.
Error.stackTraceLimit = 0;

const tell = (message: Message) => parentPort?.postMessage(message);

try {
  const part = runShare(workerData as Job, (bytes, usages) => {
    tell({ kind: 'progress', bytes, usages });
  });
  tell({ kind: 'done', part });
} catch (error) {
  if (!(error instanceof RatebookError)) throw error;
  tell({ kind: 'refused', message: error.message });
}

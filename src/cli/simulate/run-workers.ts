import { Worker } from 'node:worker_threads';
import { RatebookError } from '../../errors/error.js';
import { mergeTallies } from '../../simulation/tally.js';
import type { Job, Message, Part } from './job.js';

/** How far all shares are: the part of the file read by them on average, from 0 to 1, and the uses priced. */
export type Progress = { readonly read: number; readonly usages: number };

/** Runs a back-test with a thread for each share. Accounts are in one share only, so the number of shares changes nothing. */
export async function runWorkers(
  job: Omit<Job, 'share'>,
  report: (progress: Progress) => void,
): Promise<Part> {
  const hasIds = job.format.columns.usageId !== undefined;
  const told = Array.from({ length: job.shares }, () => ({ bytes: 0, usages: 0 }));
  const workers = told.map((_, share) => {
    const workerData: Job = { ...job, share };
    return new Worker(new URL('worker.js', import.meta.url), { workerData });
  });
  try {
    const parts = await Promise.all(
      workers.map((worker, share) =>
        partOf(worker, (bytes, usages) => {
          told[share] = { bytes, usages };
          report(progressOf(told, job.usage.size));
        }).catch((error: unknown) => {
          throw isOutOfMemory(error) ? tooManyAccounts(error, hasIds) : error;
        }),
      ),
    );
    return parts.reduce((a, b) => ({ ...a, tally: mergeTallies(a.tally, b.tally) }));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function partOf(worker: Worker, report: (bytes: number, usages: number) => void): Promise<Part> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: Message) => {
      switch (message.kind) {
        case 'progress':
          report(message.bytes, message.usages);
          return;
        case 'done':
          resolve(message.part);
          return;
        case 'refused':
          reject(new RatebookError('INVALID_REQUEST', message.message));
      }
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      reject(new Error('a thread ended before its work'));
    });
  });
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function tooManyAccounts(cause: unknown, hasIds: boolean): RatebookError {
  const rest = hasIds ? ', or leave out usage_id' : '';
  const message = `The running totals of all accounts do not fit into memory; split the usage by account${rest}.`;
  return new RatebookError('TOO_LARGE', message, { cause });
}

function progressOf(told: readonly { bytes: number; usages: number }[], size: number): Progress {
  const bytes = told.reduce((sum, one) => sum + one.bytes, 0);
  const usages = told.reduce((sum, one) => sum + one.usages, 0);
  return { read: size === 0 ? 1 : bytes / (size * told.length), usages };
}

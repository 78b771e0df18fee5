import { type BackTest, openBackTest, takeUnreadable, takeUsage } from '../../simulation/back-test.js';
import { tallyOf } from '../../simulation/tally.js';
import { openDocument } from '../../strategy/document.js';
import { readSource } from '../../strategy/source/read-source.js';
import type { Strategy } from '../../strategy/strategy.js';
import type { DocumentFiles, Job, Part } from './job.js';
import { readShare } from './read-share.js';

/** Prices the usage of a job's share on both sides. */
export function runShare(job: Job, report: (bytes: number, usages: number) => void): Part {
  const test: BackTest = openBackTest(strategyOf(job.before), strategyOf(job.after));
  const batches = readShare(job);
  let step = batches.next();
  while (step.done !== true) {
    for (const usage of step.value.usages) takeUsage(test, usage);
    for (const row of step.value.unreadable) takeUnreadable(test, row);
    report(step.value.bytes, test.usages);
    step = batches.next();
  }
  return { tally: tallyOf(test), ...step.value };
}

function strategyOf({ file, attachments }: DocumentFiles): Strategy {
  const { document } = openDocument(readSource(file), attachments);
  if (document === undefined) throw new Error(`${file.name} was a document a moment ago`);
  return document.strategy;
}

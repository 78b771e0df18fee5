import { RatebookError } from '../../errors/error.js';

const pending = () => Promise.reject(new RatebookError('INTERNAL', 'Not there yet.'));

/** What is being built; gone when it is. */
export const pendingCorrections = {
  amendUsage: pending,
  explainRating: pending,
  rerate: pending,
};

export const pendingPrepaid = {
  purchase: pending,
  confirmPurchase: pending,
};

export const pendingStatements = {
  closeStatement: pending,
  previewStatement: pending,
  getStatement: pending,
  listStatements: pending,
  summarizePeriod: pending,
};

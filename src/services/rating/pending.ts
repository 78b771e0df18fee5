import { RatebookError } from '../../errors/error.js';

const pending = () => Promise.reject(new RatebookError('INTERNAL', 'Not there yet.'));

/** What is being built; gone when it is. */
export const pendingPrepaid = {
  purchase: pending,
  confirmPurchase: pending,
};

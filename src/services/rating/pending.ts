import { RatebookError } from '../../errors/error.js';

const pending = () => Promise.reject(new RatebookError('INTERNAL', 'Not there yet.'));

/** What is being built; gone when it is. */
export const pendingPrepaid = {
  purchase: pending,
  confirmPurchase: pending,
  reserve: pending,
  commit: pending,
  release: pending,
  getHold: pending,
};

export const pendingPlans = {
  setSubscriptionRevision: pending,
  changePlan: pending,
};

export const pendingWallets = {
  createWallet: pending,
  getWallet: pending,
  listWallets: pending,
  setWalletLimits: pending,
  grantCredit: pending,
  listGrants: pending,
  listWalletPostings: pending,
};

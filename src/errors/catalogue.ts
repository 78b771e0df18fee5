/**
 * Every reason for which Ratebook refuses something, and the canonical status it is told with. The set is closed: a
 * client may switch on it. What to do next is in the message of each error, since it depends on the input.
 */
export const catalogue = {
  /** A field of the request is malformed; every violation is listed. */
  INVALID_REQUEST: 'INVALID_ARGUMENT',
  /** Facts are missing, unknown, of the wrong type or out of range; every violation is listed. */
  INVALID_FACTS: 'INVALID_ARGUMENT',
  /** A strategy document has faults; each is listed with its line and column. */
  INVALID_DOCUMENT: 'INVALID_ARGUMENT',
  /** A request id was used before with another body. */
  REQUEST_ID_REUSED: 'INVALID_ARGUMENT',
  /** There is no strategy of this name, or none of its revisions is left. */
  STRATEGY_NOT_FOUND: 'NOT_FOUND',
  /** The strategy has no revision of this number, or nothing was in effect at this instant. */
  REVISION_NOT_FOUND: 'NOT_FOUND',
  /** Another revision of the strategy has the same `effective_from`. */
  EFFECTIVE_FROM_TAKEN: 'ALREADY_EXISTS',
  /** There is no account of this name. */
  ACCOUNT_NOT_FOUND: 'NOT_FOUND',
  /** The account has no such subscription, or none that was live at this instant. */
  SUBSCRIPTION_NOT_FOUND: 'NOT_FOUND',
  /** There is no coupon of this code. */
  COUPON_NOT_FOUND: 'NOT_FOUND',
  /** Nothing is recorded under this usage id, or it has no rating yet. */
  USAGE_NOT_FOUND: 'NOT_FOUND',
  /** Nothing was bought under this purchase id. */
  PURCHASE_NOT_FOUND: 'NOT_FOUND',
  /** The account has no wallet of this name. */
  WALLET_NOT_FOUND: 'NOT_FOUND',
  /** The account has no hold of this id. */
  HOLD_NOT_FOUND: 'NOT_FOUND',
  /** The subscription has no statement of this number. */
  STATEMENT_NOT_FOUND: 'NOT_FOUND',
  /** Another account has this id. */
  ACCOUNT_EXISTS: 'ALREADY_EXISTS',
  /** Another subscription of the account has this id. */
  SUBSCRIPTION_EXISTS: 'ALREADY_EXISTS',
  /** Another coupon has this code. */
  COUPON_EXISTS: 'ALREADY_EXISTS',
  /** A coupon does not hold now, or as many accounts as may have redeemed it. */
  COUPON_NOT_VALID: 'FAILED_PRECONDITION',
  /** Another wallet of the account has this id. */
  WALLET_EXISTS: 'ALREADY_EXISTS',
  /** The reference of a grant was used before with another grant. */
  REFERENCE_REUSED: 'INVALID_ARGUMENT',
  /** A purchase id was used before for something else. */
  PURCHASE_ID_REUSED: 'INVALID_ARGUMENT',
  /** Another payment has paid for the purchase. */
  PURCHASE_PAID: 'FAILED_PRECONDITION',
  /** The purchase was taken back, so it can be paid no more. */
  PURCHASE_CANCELLED: 'FAILED_PRECONDITION',
  /** Some of what the purchase gave is used, held or expired, so it is not taken back. */
  PURCHASE_USED: 'FAILED_PRECONDITION',
  /** A hold's id was used before with another use. */
  HOLD_ID_REUSED: 'INVALID_ARGUMENT',
  /** A usage id was recorded before with another use. */
  USAGE_ID_REUSED: 'INVALID_ARGUMENT',
  /** The account or the subscription has not begun, or has ended, at the instant of the use. */
  NOT_LIVE: 'FAILED_PRECONDITION',
  /** A statement has covered its period, and the strategy's `late_limit` after that is over. */
  LATE: 'FAILED_PRECONDITION',
  /** The use was taken back, so there is nothing to put right. */
  USAGE_CANCELLED: 'FAILED_PRECONDITION',
  /** The use has a price in another currency than its account is billed in. */
  OTHER_CURRENCY: 'FAILED_PRECONDITION',
  /** The wallets of the account have too little to pay for the use, or to reserve it. */
  BALANCE_TOO_LOW: 'FAILED_PRECONDITION',
  /** The hold was committed with another use, released, or has expired. */
  HOLD_NOT_OPEN: 'FAILED_PRECONDITION',
  /** No rule charges for this use, or none charges for one of its billable facts. Never an amount of zero. */
  NO_PRICE: 'FAILED_PRECONDITION',
  /** A `reject` rule matched: this use is not for sale. */
  REJECTED: 'FAILED_PRECONDITION',
  /** A revision would change what may change only where a period begins; every such change is listed. */
  PERIOD_RUNNING: 'FAILED_PRECONDITION',
  /** The revision is in effect already and can only be superseded. */
  ALREADY_EFFECTIVE: 'FAILED_PRECONDITION',
  /** The revision that this change started from is no longer the newest. */
  STALE_BASE: 'ABORTED',
  /** What a plan was made from has changed since. */
  PLAN_OUTDATED: 'ABORTED',
  /** Two writers met; nothing was changed, try again. */
  CONFLICT: 'ABORTED',
  /** Events after a token are no longer known. */
  EVENTS_FORGOTTEN: 'FAILED_PRECONDITION',
  /** A message, document or stream is over its limit. */
  TOO_LARGE: 'RESOURCE_EXHAUSTED',
  /** A dependency is away, or its answer is unknown; try again after the delay. */
  UNAVAILABLE: 'UNAVAILABLE',
  /** The call's deadline passed first. */
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
  /** The caller went away. */
  CANCELLED: 'CANCELLED',
  /** The caller has not shown who it is. */
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  /** The caller may not call this method. */
  PERMISSION_DENIED: 'PERMISSION_DENIED',
  /** Something unforeseen; the cause is in the log under the trace id. */
  INTERNAL: 'INTERNAL',
} as const;

export type Reason = keyof typeof catalogue;
export type Status = (typeof catalogue)[Reason];

import { RatebookError } from '../../errors/error.js';
import type { Caller, Role } from './caller.js';

/** Which roles may call a method, by its full name `package.Service/Method`. A method without a row cannot be called. */
export type PermissionTable = Readonly<Record<string, readonly Role[]>>;

const EVERYONE: readonly Role[] = ['analyst', 'publisher', 'service'];
const PEOPLE: readonly Role[] = ['analyst', 'publisher'];
/** What customers have is kept by the systems that sell to them, and put right by those who answer for prices. */
const KEEPERS: readonly Role[] = ['publisher', 'service'];

/** Every method of Ratebook. */
export const permissions: PermissionTable = {
  'ratebook.v1.StrategyService/ValidateStrategy': PEOPLE,
  'ratebook.v1.StrategyService/PublishRevision': ['publisher'],
  'ratebook.v1.StrategyService/WithdrawRevision': ['publisher'],
  'ratebook.v1.StrategyService/RollBackStrategy': ['publisher'],
  'ratebook.v1.StrategyService/GetRevision': EVERYONE,
  'ratebook.v1.StrategyService/ListRevisions': EVERYONE,
  'ratebook.v1.StrategyService/ListStrategies': EVERYONE,
  'ratebook.v1.StrategyService/WatchRevisions': EVERYONE,
  'ratebook.v1.RateService/ComputeQuote': EVERYONE,
  'ratebook.v1.RateService/BatchComputeQuotes': EVERYONE,
  'ratebook.v1.RateService/StreamQuotes': EVERYONE,
  'ratebook.v1.RateService/ExplainQuote': EVERYONE,
  'ratebook.v1.RateService/RateUsage': ['service'],
  'ratebook.v1.RateService/BatchRateUsage': ['service'],
  'ratebook.v1.RateService/StreamRateUsage': ['service'],
  'ratebook.v1.RateService/GetRating': EVERYONE,
  'ratebook.v1.RateService/ListRatings': EVERYONE,
  'ratebook.v1.RateService/ListUnpriced': EVERYONE,
  'ratebook.v1.RateService/RetryUnpriced': ['service'],
  'ratebook.v1.RateService/CancelUsage': ['service'],
  'ratebook.v1.RateService/ReplayRating': EVERYONE,
  'ratebook.v1.RateService/AmendUsage': ['service'],
  'ratebook.v1.RateService/ExplainRating': EVERYONE,
  'ratebook.v1.RateService/Rerate': ['publisher'],
  'ratebook.v1.RateService/Purchase': ['service'],
  'ratebook.v1.RateService/ConfirmPurchase': ['service'],
  'ratebook.v1.RateService/CancelPurchase': ['service'],
  'ratebook.v1.RateService/Reserve': ['service'],
  'ratebook.v1.RateService/Commit': ['service'],
  'ratebook.v1.RateService/Release': ['service'],
  'ratebook.v1.RateService/GetHold': EVERYONE,
  'ratebook.v1.RateService/CloseStatement': ['service'],
  'ratebook.v1.RateService/PreviewStatement': EVERYONE,
  'ratebook.v1.RateService/GetStatement': EVERYONE,
  'ratebook.v1.RateService/ListStatements': EVERYONE,
  'ratebook.v1.RateService/SummarizePeriod': EVERYONE,
  'ratebook.v1.RateService/WatchEvents': ['service'],
  'ratebook.v1.AccountService/CreateAccount': KEEPERS,
  'ratebook.v1.AccountService/GetAccount': EVERYONE,
  'ratebook.v1.AccountService/ListAccounts': EVERYONE,
  'ratebook.v1.AccountService/SetAccountAttributes': KEEPERS,
  'ratebook.v1.AccountService/CloseAccount': KEEPERS,
  'ratebook.v1.AccountService/CreateSubscription': KEEPERS,
  'ratebook.v1.AccountService/GetSubscription': EVERYONE,
  'ratebook.v1.AccountService/ListSubscriptions': EVERYONE,
  'ratebook.v1.AccountService/SetSubscriptionAttributes': KEEPERS,
  'ratebook.v1.AccountService/EndSubscription': KEEPERS,
  'ratebook.v1.AccountService/SetSubscriptionRevision': KEEPERS,
  'ratebook.v1.AccountService/ChangePlan': KEEPERS,
  'ratebook.v1.AccountService/CreateCoupon': ['publisher'],
  'ratebook.v1.AccountService/GetCoupon': EVERYONE,
  'ratebook.v1.AccountService/RedeemCoupon': KEEPERS,
  'ratebook.v1.AccountService/CreateWallet': KEEPERS,
  'ratebook.v1.AccountService/GetWallet': EVERYONE,
  'ratebook.v1.AccountService/ListWallets': EVERYONE,
  'ratebook.v1.AccountService/SetWalletLimits': KEEPERS,
  'ratebook.v1.AccountService/GrantCredit': KEEPERS,
  'ratebook.v1.AccountService/ListGrants': EVERYONE,
  'ratebook.v1.AccountService/ListWalletPostings': EVERYONE,
};

/** Throws PERMISSION_DENIED unless the caller has one of the roles in the method's row. */
export function permit(table: PermissionTable, method: string, caller: Caller): void {
  const allowed = rowOf(table, method) ?? [];
  if (allowed.some((role) => caller.roles.includes(role))) return;
  throw new RatebookError(
    'PERMISSION_DENIED',
    `"${caller.name}" may not call ${method}; it needs the role ${allowed.join(' or ') || '(none is allowed to)'}.`,
    { metadata: { method, caller: caller.name } },
  );
}

/** The methods that the table has no row for. */
export function missingRows(table: PermissionTable, methods: readonly string[]): string[] {
  return methods.filter((method) => rowOf(table, method) === undefined);
}

/** Own properties only: no method is called "constructor", but a lookup that cannot be fooled costs nothing. */
function rowOf(table: PermissionTable, method: string): readonly Role[] | undefined {
  return Object.hasOwn(table, method) ? table[method] : undefined;
}

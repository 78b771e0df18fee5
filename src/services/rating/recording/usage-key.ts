/** Names one use for ever. */
export type UsageKey = { readonly account: string; readonly usageId: string };

/** Tells the use apart from all others: an account's id has no blank. */
export function usageKey({ account, usageId }: UsageKey): string {
  return `${account} ${usageId}`;
}

export function ratingId(key: UsageKey & { readonly number: number }): string {
  return `${usageKey(key)} ${key.number}`;
}

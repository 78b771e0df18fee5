/**
 * A value, or the promise of one. Most quotes wait for nothing, and what is known at once goes on at once: a promise for
 * every step of every item of a batch would cost more than the calculation.
 */
export type Soon<T> = T | Promise<T>;

/** What comes next once the value is there. */
export function after<A, B>(value: Soon<A>, next: (value: A) => Soon<B>): Soon<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Runs something that may throw or reject, and then goes on with what `otherwise` makes of the error. */
export function attempt<T>(run: () => Soon<T>, otherwise: (error: unknown) => T): Soon<T> {
  try {
    const value = run();
    return value instanceof Promise ? value.catch(otherwise) : value;
  } catch (error) {
    return otherwise(error);
  }
}

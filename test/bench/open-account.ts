import { createAccount } from '../../src/services/rating/accounts/create-account.js';
import { createSubscription } from '../../src/services/rating/accounts/create-subscription.js';
import type { RecordingPorts } from '../../src/services/rating/recording/ports.js';

/** An account, since ever, that is on `llm-api` as `main`. */
export async function openAccount(ports: RecordingPorts, id: string): Promise<void> {
  const dated = { attributes: [], createdAt: 0n };
  await createAccount(
    {
      account: {
        ...{ id, currency: 'USD', country: '', timeZone: 'UTC', openedAt: undefined, closedAt: undefined },
        ...dated,
      },
      request: undefined,
    },
    ports,
  );
  await createSubscription(
    {
      subscription: {
        ...{ account: id, id: 'main', strategy: 'llm-api', startsAt: undefined, endsAt: undefined },
        ...dated,
        prepaid: false,
        billingAnchor: undefined,
        trialEndsAt: undefined,
        pins: [],
        keepsCharged: false,
        revision: undefined,
      },
      request: undefined,
    },
    ports,
  );
}

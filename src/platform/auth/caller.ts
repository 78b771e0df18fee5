import { RatebookError } from '../../errors/error.js';

/** analyst: reads, checks, tries out. publisher: an analyst who may put prices into effect. service: prices usage. */
const ROLES = ['analyst', 'publisher', 'service'] as const;
export type Role = (typeof ROLES)[number];

/** Who calls, as far as the server could tell. */
export type Caller = { readonly name: string; readonly roles: readonly Role[] };

/** What the transport knows of the other side. */
export type Peer =
  /** A client certificate that our authority signed: subject's common name and organizational units. */
  | { readonly kind: 'certificate'; readonly name: string; readonly units: readonly string[] }
  /** The same machine or process, or a server told to be insecure: taken at its word, with every role. */
  | { readonly kind: 'trusted'; readonly name: string | undefined }
  | { readonly kind: 'stranger' };

const NAME = /^[\w.@:/ -]{1,128}$/;

/** Names the caller, or refuses with UNAUTHENTICATED. A certificate's organizational units are the caller's roles. */
export function identify(peer: Peer): Caller {
  switch (peer.kind) {
    case 'certificate':
      return { name: checkedName(peer.name), roles: ROLES.filter((role) => peer.units.includes(role)) };
    case 'trusted':
      return { name: checkedName(peer.name ?? 'local'), roles: ROLES };
    case 'stranger':
      throw new RatebookError(
        'UNAUTHENTICATED',
        'The call does not show who makes it; connect with a client certificate that this server knows.',
      );
  }
}

function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw new RatebookError(
    'UNAUTHENTICATED',
    `The caller's name ${JSON.stringify(name.slice(0, 128))} is not valid; use 1 to 128 letters, digits, spaces or . @ : / _ -`,
  );
}

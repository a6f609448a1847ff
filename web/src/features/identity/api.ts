import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type InvitationPreview, type NewToken, type Session } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

export const sessionQuery = () =>
  queryOptions({
    queryKey: queryKeys.session,
    queryFn: ({ signal }) => unwrap(api.GET('/api/session', { signal })),
  });

export const metaQuery = () =>
  queryOptions({ queryKey: queryKeys.meta, queryFn: ({ signal }) => unwrap(api.GET('/api/meta', { signal })) });

export const tokensQuery = () =>
  queryOptions({ queryKey: queryKeys.tokens, queryFn: ({ signal }) => unwrap(api.GET('/api/tokens', { signal })) });

export interface Credentials {
  email: string;
  password: string;
}

export interface NewAccount extends Credentials {
  name: string;
}

export const signIn = (body: Credentials): Promise<Session> => unwrap(api.POST('/api/session', { body }));

export const signOut = async (): Promise<void> => {
  await unwrap(api.DELETE('/api/session'));
};

export const setUp = (body: NewAccount & { secret: string }): Promise<Session> => unwrap(api.POST('/api/setup', { body }));

/** Asked without a body of one's own: who invites, to what. The secret is never in an address. */
export const previewInvitation = (secret: string): Promise<InvitationPreview> =>
  unwrap(api.POST('/api/invitations/preview', { body: { secret } }));

/** Joins as who is signed in, or with `account` as a new person. Gives the library's id. */
export const acceptInvitation = async (secret: string, account?: NewAccount): Promise<string> => {
  const accepted = await unwrap(api.POST('/api/invitations/accept', { body: { secret, ...account } }));
  return accepted.library_id;
};

export const createToken = (name: string): Promise<NewToken> => unwrap(api.POST('/api/tokens', { body: { name } }));

export const revokeToken = async (tokenId: string): Promise<void> => {
  await unwrap(api.DELETE('/api/tokens/{token_id}', { params: { path: { token_id: tokenId } } }));
};

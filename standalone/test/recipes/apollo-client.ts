import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors, CombinedProtocolErrors } from '@apollo/client/errors';
import { SetContextLink } from '@apollo/client/link/context';
import type { Sink } from './without-a-gap.ts';

/**
 * Apollo Client as it comes: its HttpLink asks for subscriptions as parts of one answer, and needs no other link.
 * @param url such as `http://localhost:4000/graphql`
 * @param readToken an access token that is good now
 */
export function openApolloClient(url: string, readToken: () => Promise<string>) {
  const authorization = new SetContextLink(async ({ headers }) => ({
    headers: { ...headers, authorization: `Bearer ${await readToken()}` },
  }));
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([authorization, new HttpLink({ uri: url })]),
  });

  return {
    subscribe(query: string, variables: Record<string, unknown>, { next, ended }: Sink): () => void {
      let broke = false;
      const subscription = client
        .subscribe({ query: gql(query), variables, errorPolicy: 'all', fetchPolicy: 'no-cache' })
        .subscribe({
          next({ data, error }) {
            const told = CombinedGraphQLErrors.is(error) || CombinedProtocolErrors.is(error);
            if (told) next({ data, errors: error.errors });
            else if (error) broke = true;
            else next({ data });
          },
          complete: () => ended(broke ? undefined : []),
        });
      return () => subscription.unsubscribe();
    },
    close: () => client.stop(),
  };
}

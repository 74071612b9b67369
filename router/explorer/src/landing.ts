import { type Config, type Persona, readFromServer } from './server.ts';

interface Release {
  readonly title: string;
  readonly artists: readonly { readonly name: string }[];
  readonly cover: { readonly url: string };
}

const query = `query Landing {
  newReleases(first: 6, includeUnavailable: true) {
    nodes { title artists { name } cover(size: MEDIUM) { url } }
  }
}`;

offerToCopy();
const config = await readFromServer<Config>('config.json');
for (const element of document.querySelectorAll('[data-graphql]')) {
  element.textContent = new URL(config.graphqlPath, location.href).href;
}
// The page stands without what one of them cannot find.
await Promise.allSettled([
  findReleases(config.graphqlPath).then(showReleases),
  config.personas && readFromServer<readonly Persona[]>('personas.json').then(showPersonas),
]);

function offerToCopy(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.parentElement?.querySelector('code')?.textContent ?? '');
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2_000);
    });
  }
}

async function findReleases(graphqlPath: string): Promise<readonly Release[]> {
  const response = await fetch(graphqlPath, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = await response.json();
  return (data?.newReleases?.nodes ?? []).filter((release: Release | null) => release !== null);
}

function showReleases(releases: readonly Release[]): void {
  const list = document.getElementById('covers');
  if (!list || releases.length === 0) return;
  list.append(
    ...releases.map(({ title, artists, cover }) => {
      const picture = create('img', { src: cover.url, alt: '', width: 300, height: 300 });
      const by = create('span', { textContent: artists.map(({ name }) => name).join(', ') });
      return create('li', {}, picture, create('strong', { textContent: title }), by);
    }),
  );
  list.hidden = false;
}

function showPersonas(personas: readonly Persona[]): void {
  const section = document.getElementById('personas');
  const entries = personas.map(({ name, description }) =>
    create('div', {}, create('dt', { textContent: name }), create('dd', { textContent: description })),
  );
  section?.querySelector('dl')?.append(...entries);
  if (section) section.hidden = false;
}

function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: readonly Node[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

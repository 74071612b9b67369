/** The statements of a CQL file; a semicolon within a string, a name or a comment ends none. */
export function splitStatements(cql: string): readonly string[] {
  const statements: string[] = [];
  let current = '';
  for (const [token] of cql.matchAll(tokens)) {
    if (token === ';') {
      statements.push(current.trim());
      current = '';
    } else if (!isComment(token)) current += token;
  }
  statements.push(current.trim());
  return statements.filter(Boolean);
}

const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$[\s\S]*?\$\$|--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[\s\S]/g;

const isComment = (token: string) => /^(--|\/\/|\/\*)/.test(token);

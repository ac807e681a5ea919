/** Which texts are shown where: told by the compiler, which knows what a name stands for. */

import { relative } from "node:path";

import ts from "typescript";

/** By path, as `panel.history.none`: the source files that show a text. */
export type Uses = Map<string, Set<string>>;

export interface Found {
  readonly texts: Uses;
  /** Groups that any word may be looked up in: the compiler cannot tell which are. */
  readonly lookedUp: ReadonlySet<string>;
}

const ENGLISH = "src/strings/en/";

export const nameOf = (file: ts.SourceFile): string => relative(".", file.fileName);

export function readProgram(): ts.Program {
  const { config } = ts.readConfigFile("tsconfig.json", (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
  return ts.createProgram(
    fileNames.filter((name) => relative(".", name).startsWith("src/")),
    options,
  );
}

function pathOf(declared: ts.Node): string {
  const names: string[] = [];
  for (let at = declared; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isPropertyAssignment(at) || ts.isVariableDeclaration(at)) names.unshift(at.name.getText());
    if (ts.isShorthandPropertyAssignment(at)) names.unshift(at.name.text);
  }
  return names.join(".");
}

/** The texts that a name may stand for: none if it is in no English file. */
function pathsOf(symbol: ts.Symbol | undefined): readonly string[] {
  const declared = symbol?.declarations ?? [];
  return declared.filter((one) => nameOf(one.getSourceFile()).startsWith(ENGLISH)).map(pathOf);
}

const membersOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type]);

const propertiesOf = (type: ts.Type): readonly ts.Symbol[] =>
  membersOf(type).flatMap((one) => one.getProperties());

class Finder {
  readonly texts: Uses = new Map();
  readonly lookedUp = new Set<string>();
  readonly #checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  look(node: ts.Node): void {
    if (ts.isPropertyAccessExpression(node)) {
      this.#show(this.#checker.getSymbolAtLocation(node.name), node);
    } else if (ts.isElementAccessExpression(node)) {
      this.#index(node);
    } else if (ts.isObjectBindingPattern(node)) {
      const whole = this.#checker.getTypeAtLocation(node);
      for (const { propertyName, name } of node.elements) {
        this.#show(whole.getProperty((propertyName ?? name).getText()), node);
      }
    }
    if (ts.isExpression(node)) this.#pass(node);
    ts.forEachChild(node, (inner) => this.look(inner));
  }

  #show(symbol: ts.Symbol | undefined, where: ts.Node): void {
    for (const path of pathsOf(symbol)) {
      const files = this.texts.get(path) ?? new Set();
      this.texts.set(path, files.add(nameOf(where.getSourceFile())));
    }
  }

  /** `texts[word]`: as many as the word's type allows. */
  #index({ expression, argumentExpression: argument }: ts.ElementAccessExpression): void {
    const whole = this.#checker.getNonNullableType(this.#checker.getTypeAtLocation(expression));
    const word = this.#checker.getTypeAtLocation(argument);
    for (const one of membersOf(word)) {
      if (one.isStringLiteral()) this.#showOf(whole, one.value, argument);
      else this.#lookUp(whole, argument);
    }
  }

  /** A group that is handed on is shown as far as whoever gets it names its texts. */
  #pass(node: ts.Expression): void {
    const wanted = this.#checker.getContextualType(node);
    if (!wanted) return;
    const given = this.#checker.getTypeAtLocation(node);
    if (propertiesOf(given).every((one) => pathsOf(one).length === 0)) return;
    if (this.#checker.getIndexInfosOfType(wanted).length > 0) this.#lookUp(given, node);
    for (const named of wanted.getProperties()) {
      // where all of the group is wanted, it is seen there what is shown of it
      if (pathsOf(named).length === 0) this.#showOf(given, named.name, node);
    }
  }

  #showOf(whole: ts.Type, name: string, where: ts.Node): void {
    for (const type of membersOf(whole)) this.#show(type.getProperty(name), where);
  }

  #lookUp(whole: ts.Type, where: ts.Node): void {
    for (const one of propertiesOf(whole)) {
      for (const path of pathsOf(one)) this.lookedUp.add(path.replace(/\.[^.]+$/, ""));
      this.#show(one, where);
    }
  }
}

export function findTexts(program: ts.Program): Found {
  const finder = new Finder(program.getTypeChecker());
  for (const file of program.getSourceFiles()) {
    const name = nameOf(file);
    if (name.startsWith("src/") && !name.startsWith("src/strings/")) finder.look(file);
  }
  return finder;
}

/** The files that are loaded with one: those it imports, and what they import. */
export function loadedWith(program: ts.Program, names: readonly string[]): ReadonlySet<string> {
  const loaded = new Set<string>();
  const load = (name: string): void => {
    const file = program.getSourceFile(name);
    if (!file || loaded.has(name)) return;
    loaded.add(name);
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      const from = statement.moduleSpecifier;
      if (!from || !ts.isStringLiteral(from) || !from.text.startsWith(".")) continue;
      if (ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) continue;
      load(`${relative(".", new URL(from.text, `file://${process.cwd()}/${name}`).pathname)}.ts`);
    }
  };
  for (const name of names) load(name);
  return loaded;
}

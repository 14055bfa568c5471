import { expect, test } from "vitest";
import {
  allFiles,
  isNode,
  placesOf,
  productSources,
  readSource,
  type Source,
} from "@/lib/testing/sources";

/* What is read in one piece stays readable in one piece: the bounds of every file and function delivered. */
const LINES_OF_A_FILE = 250;
const LINES_OF_A_FUNCTION = 60;

const sources = productSources();

test("the sources are read", () => expect(sources.length).toBeGreaterThan(500));

test(`no file has more than ${LINES_OF_A_FILE} lines`, () => {
  expect(sources.flatMap(tooLongFile)).toEqual([]);
});

test(`no function has more than ${LINES_OF_A_FUNCTION} lines`, () => {
  expect(sources.flatMap(tooLongFunctions)).toEqual([]);
});

/** To have several properties on one line: a list of them beside a spread says less than one each. */
test("no literal is spread into another, in tests neither", () => {
  // The formatter writes every one of them like this, so that only few files have to be parsed.
  const mayHave = allFiles()
    .map(readSource)
    .filter(({ text }) => text.includes("...{"));
  expect(mayHave.flatMap(spreadLiterals)).toEqual([]);
});

/** Lists are short of names as well; what is made of one by a call is another matter. */
const SPREAD_LIST = /\.\.\.\[[^\]]*\](?![.\w])/;

test("no list is spread into another, in the product", () => {
  expect(sources.filter(({ text }) => SPREAD_LIST.test(text)).map(({ file }) => file)).toEqual([]);
  expect(SPREAD_LIST.test('["a", ...["b", "c"]]')).toBe(true);
  expect(SPREAD_LIST.test("[...[1, 2].map(double)]")).toBe(false);
});

const lines = (count: number) => "  work();\n".repeat(count);
const planted = (text: string): Source => ({ file: "app/planted.tsx", text });

test("a file that is too long is found", () => {
  expect(tooLongFile(planted(lines(250)))).toEqual([]);
  expect(tooLongFile(planted(lines(251)))).toEqual(["app/planted.tsx: 251 lines"]);
});

test.each([
  ["a function", "function planted() {\n", "}\n"],
  ["a component", "export default async function Planted() {\n", "}\n"],
  ["an arrow", "const planted = () => {\n", "};\n"],
  ["a method", "const planted = { do() {\n", "} };\n"],
  ["a method of a class", "class Planted { do() {\n", "} }\n"],
])("%s that is too long is found, behind a text of any length", (_what, head, end) => {
  const before = "// Ünïcödé, which counts bytes.\n\nconst first = 'ü';\n";
  const of = (count: number) => planted(`${before}${head}${lines(count - 2)}${end}`);
  expect(tooLongFunctions(of(60))).toEqual([]);
  expect(tooLongFunctions(of(61))).toEqual(["app/planted.tsx:4: 61 lines"]);
});

test("a literal that is spread is found, and a condition is none", () => {
  const text = "const a = { ...{ b, c }, ...(d && { e }), ...f };\n";
  expect(spreadLiterals(planted(text))).toEqual(["app/planted.tsx:1"]);
});

function tooLongFile({ file, text }: Source): string[] {
  const count = text.trimEnd().split("\n").length;
  return count > LINES_OF_A_FILE ? [`${file}: ${count} lines`] : [];
}

const FUNCTIONS: ReadonlySet<unknown> = new Set([
  ...["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"],
  ...["MethodProperty", "ClassMethod", "PrivateMethod", "Constructor"],
]);

function tooLongFunctions(source: Source): string[] {
  if (source.text.split("\n").length <= LINES_OF_A_FUNCTION) return [];
  return placesOf(source, (node) => (FUNCTIONS.has(node.type) ? node : null))
    .filter(({ count }) => count > LINES_OF_A_FUNCTION)
    .map(({ place, count }) => `${place}: ${count} lines`);
}

function spreadLiterals(source: Source): string[] {
  return placesOf(source, ({ type, arguments: what }) =>
    type === "SpreadElement" && isNode(what) && what.type === "ObjectExpression" ? what : null,
  ).map(({ place }) => place);
}

/** Lua sources are imported as text: by the bundler's loader and by Jest's transform. */
declare module '*.lua' {
  const source: string;
  export default source;
}

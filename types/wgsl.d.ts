/** Vite inlines a shader's text when it is imported with `?raw`. */
declare module '*.wgsl?raw' {
  const source: string;
  export default source;
}

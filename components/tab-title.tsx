/** With its page: Next.js renders what `metadata` says later, so that a tab has no title for a moment. */
export function TabTitle({ children }: { children: string }) {
  return <title>{`${children} · Postkey`}</title>;
}

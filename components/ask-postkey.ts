/**
 * Asks a route of Postkey's own. Where the session ended, the page is loaded again: that is the sign-in then, and it
 * leads back.
 * @throws whatever the network throws
 */
export async function askPostkey(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (response.status === 401) window.location.reload();
  return response;
}

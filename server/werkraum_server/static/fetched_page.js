// A page of ours, parsed by the browser as a page of its own: nothing in it runs. Null
// where it does not come.

const PATIENCE = 10_000;

export function fetched(address) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.timeout = PATIENCE;
    request.onload = () => resolve(request.status === 200 ? request.response : null);
    request.onerror = request.ontimeout = () => resolve(null);
    request.send();
  });
}

/* Tells the page around a survey how high it is, and nothing else. */
new ResizeObserver(() => {
  parent.postMessage({ peakendHeight: document.body.getBoundingClientRect().height }, "*");
}).observe(document.body);

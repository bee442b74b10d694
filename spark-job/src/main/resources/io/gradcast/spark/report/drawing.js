"use strict";

/** An empty drawing in a figure, which says what it shows to those who do not see it. */
function drawing(element, height) {
  const width = element.clientWidth;
  const svg = d3.create("svg")
    .attr("viewBox", [0, 0, width, height])
    .attr("height", height)
    .attr("role", "img")
    .attr("aria-label", element.getAttribute("aria-label"));
  element.replaceChildren(svg.node());
  return { svg, width, height };
}

/** Axes with a grid, names at their ends. */
function axes({ svg }, x, y, { xName, yName, xTicks, yTicks, xFormat, yFormat }) {
  const [left, right] = x.range();
  const [bottom, top] = y.range();
  const xAxis = d3.axisBottom(x).ticks(xTicks).tickFormat(xFormat).tickSize(top - bottom).tickPadding(8);
  const yAxis = d3.axisLeft(y).ticks(yTicks).tickFormat(yFormat).tickSize(left - right).tickPadding(8);
  svg.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`).call(xAxis);
  svg.append("g").attr("class", "axis").attr("transform", `translate(${left},0)`).call(yAxis);
  svg.append("text").attr("x", right).attr("y", bottom + 38).attr("text-anchor", "end").text(xName);
  svg.append("text").attr("x", 0).attr("y", top - 14).text(yName);
}

/** A name that may have so many letters. */
function shortened(name, most) {
  return name.length > most ? name.slice(0, most - 1) + "…" : name;
}

/** Draws every figure of the page, as wide as it is. */
function drawAll(charts) {
  const draw = () =>
    document.querySelectorAll(".chart").forEach((element) => charts[element.dataset.chart](element));
  draw();
  addEventListener("resize", draw);
}

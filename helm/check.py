#!/usr/bin/env python3
"""Checks the chart: strict lint, the Kubernetes schemas, and what schemas miss.

Needs the packages helm-python-sdk, kubernetes-validate and PyYAML. Prints what
is wrong and exits with 1.
"""
import pathlib
import sys

import helm_python
import kubernetes_validate
import yaml

CHART = pathlib.Path(__file__).parent / "article-enricher"
VERSIONS = ["1.30", "1.33", "1.37"]
VARIANTS = {
    "defaults": {},
    "telemetry": {"env": {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4317"}, "image": {"tag": "1.2.3"}},
}


def manifests(values):
    with helm_python.Chart.load(CHART) as chart:
        rendered = chart.render(values, name="demo", namespace="news")
    documents = [doc for text in rendered.values() for doc in yaml.safe_load_all(text) if doc]
    return {doc["kind"]: doc for doc in documents}


def problems(values):
    report = helm_python.lint(CHART, values, strict=True)
    yield from (f"lint: {m['path']}: {m['error']}" for m in report["messages"] if m["severity"] > 1)
    yield from (f"lint: {error}" for error in report["errors"])

    found = manifests(values)
    for kind, manifest in found.items():
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(manifest, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                yield f"{kind}: Kubernetes {version}: {error.message}"

    pod = found["Deployment"]["spec"]["template"]
    labels = pod["metadata"]["labels"].items()
    for name, selector in [
        ("Service", found["Service"]["spec"]["selector"]),
        ("Deployment", found["Deployment"]["spec"]["selector"]["matchLabels"]),
    ]:
        if not selector.items() <= labels:
            yield f"{name}: the selector {selector} does not match the pod's labels"
    container = pod["spec"]["containers"][0]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    for port in found["Service"]["spec"]["ports"]:
        if port["targetPort"] not in ports:
            yield f"Service: port {port['targetPort']} is none of the container's"
    for probe in ("readinessProbe", "livenessProbe"):
        if container[probe]["grpc"]["port"] not in ports.values():
            yield f"{probe}: its port is none of the container's"
    pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    if pod["spec"]["terminationGracePeriodSeconds"] <= pause + 30:
        yield "the pod is killed before the server has drained"


def main():
    wrong = [f"{name}: {problem}" for name, values in VARIANTS.items() for problem in problems(values)]
    print("\n".join(wrong) or f"chart: {len(VARIANTS)} variants valid for Kubernetes {', '.join(VERSIONS)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

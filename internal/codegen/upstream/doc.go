// Package upstream follows the platform's own OpenAPI documents: Drift compares openapi.yaml with them, and Import
// adds their new operations to it. Only structure is compared and copied; the wording of openapi.yaml is its own.
package upstream

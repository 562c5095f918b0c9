// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package client

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Health is the status of the platform. It is readable without a credential.
type Health struct {
	// A word such as "ok". The set is not documented.
	Status string `json:"status,omitzero"`

	// The version of the running build.
	Version string `json:"version,omitzero"`

	// The commit of the running build.
	CommitSHA string `json:"commitSha,omitzero"`

	// Background jobs under way, as sent. The shape is not documented.
	InFlightJobs jsontext.Value `json:"inFlightJobs,omitzero"`

	// The state of each dependency, as sent. The shape is not documented.
	Services jsontext.Value `json:"services,omitzero"`

	// When the answer was made.
	Timestamp time.Time `json:"timestamp,omitzero"`
}

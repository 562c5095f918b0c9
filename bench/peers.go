package main

import "fmt"

// peer is the best other Go SDK in a scenario by default settings: medians of three rounds on the same kind of machine
// (two cores, loopback), against a server with the same limit. They were measured separately; the versions are
// aws-sdk-go-v2 1.47.7, godo 1.236.0, go-retryablehttp 0.7.8.
type peer struct {
	name    string
	goodput float64
	rest    string // other figures
}

func (p peer) String() string {
	if p.name == "" {
		return "not measured"
	}
	if p.goodput == 0 {
		return p.name + " " + p.rest
	}
	text := fmt.Sprintf("%s %.1f %%", p.name, 100*p.goodput)
	if p.rest != "" {
		text += ", " + p.rest
	}
	return text
}

var (
	peerObject  = peer{name: "oapi-codegen", rest: "1.00 to 1.07×; of whole SDKs godo 1.15×"}
	peerPage    = peer{name: "aws-sdk-go-v2", rest: "0.73 to 0.88×"}
	peerWalk    = peer{name: "aws-sdk-go-v2", rest: "0.67 to 0.70×; 6.8 allocations an object at best"}
	peerLatency = peer{name: "all", rest: "one page at a time: 6 to 7×"}
	peerBucket  = peer{"aws-sdk-go-v2", 0.826, "0 to 2 failed, 326 refusals"}
	peerWindow  = peer{"godo", 0.995, "0 failed, 32 refusals"}
)

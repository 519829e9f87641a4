variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "region" {
  description = "The region that all of it is in."
  type        = string
}

variable "image" {
  description = "The container image of the job program with ONNX Runtime for CUDA (infra/containers/job-cuda.Containerfile)."
  type        = string
}

variable "bucket" {
  description = "The bucket that is the store."
  type        = string
}

variable "bucket_arn" {
  description = "Its ARN."
  type        = string
}

variable "key_arn" {
  description = "The key that encrypts the bucket."
  type        = string
}

variable "log_group" {
  description = "The name of the jobs' log group."
  type        = string
}

variable "vpc_id" {
  description = "The network that jobs run in."
  type        = string
}

variable "subnets" {
  description = "Its subnets, with a way to S3, ECR, ECS and CloudWatch Logs: endpoints, or a NAT gateway."
  type        = list(string)
}

variable "instance_types" {
  description = "GPU instances that a job fits on."
  type        = list(string)
  default     = ["g6.xlarge", "g5.xlarge", "g4dn.xlarge"]
}

variable "max_vcpus" {
  description = "The most virtual CPUs at a time, of spot and of on-demand instances each; there are none while no job waits."
  type        = number
  default     = 16
}

variable "vcpus" {
  description = "Virtual CPUs of a job."
  type        = number
  default     = 4
}

variable "memory" {
  description = "Memory of a job in MiB; an instance's own, less what its system takes."
  type        = number
  default     = 14000
}

variable "hours" {
  description = "After how many hours an attempt is ended; the next one goes on from its checkpoint."
  type        = number
  default     = 12
}

variable "attempts" {
  description = "How often a job is begun at most, 1 to 10."
  type        = number
  default     = 10
}

variable "region" {
  description = "The region that all of it is in."
  type        = string
}

variable "name" {
  description = "What the names of all resources begin with, and the value of their tag Project."
  type        = string
  default     = "sclera"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "A name has 2 to 31 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "bucket" {
  description = "The name of the bucket that holds the artifacts; unique in all of AWS."
  type        = string
}

variable "vpc_id" {
  description = "The network that fine-tuning jobs run in."
  type        = string
}

variable "subnets" {
  description = "Its subnets, with a way to S3, ECR, ECS and CloudWatch Logs: endpoints, or a NAT gateway."
  type        = list(string)
}

variable "job_image" {
  description = "The container image of the job program, in ECR: infra/containers/job-cuda.Containerfile."
  type        = string
}

variable "functions" {
  description = "The functions to deploy on Lambda, by name, each with the zip of a build or the URI of an image; see modules/functions. None by default: the store and the jobs need none."
  type = map(object({
    zip                  = optional(string)
    image_uri            = optional(string)
    snap_start           = optional(bool, true)
    architecture         = optional(string, "x86_64")
    memory_size          = optional(number, 4096)
    timeout              = optional(number, 900)
    ephemeral_storage    = optional(number, 512)
    reserved_concurrency = optional(number, -1)
    environment          = optional(map(string), {})
  }))
  default = {}
}

variable "campaign_request" {
  description = "What a campaign asks of a model that was uploaded: fields of its request, without models."
  type        = any
  default     = {}
}

variable "report_datasets" {
  description = "The datasets on which all models that there are get reported every night; needs a report with ONNX Runtime."
  type        = list(string)
  default     = []
}

variable "quiet_seconds" {
  description = "For how long a model that was uploaded must have been as it is before it starts a campaign."
  type        = number
  default     = 60
}

variable "report_requests" {
  description = "What else is reported every night, by a name of its own: fields of report's request."
  type        = any
  default     = {}
}

variable "report_expression" {
  description = "When it is reported, as EventBridge Scheduler writes it."
  type        = string
  default     = "cron(0 2 * * ? *)"
}

variable "report_timezone" {
  description = "Whose hours these are."
  type        = string
  default     = "Etc/UTC"
}

variable "email" {
  description = "Who is told of verdicts, alarms and costs; nobody where it is null."
  type        = string
  default     = null
}

variable "budget" {
  description = "US dollars a month; more is told, not stopped."
  type        = number
}
